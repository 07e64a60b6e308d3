import { createSignal } from 'solid-js'

type ToastAction = { label: string; keys?: string; run: () => void }
export type ToastSpec = { text: string; action?: ToastAction; tone?: 'bad' }
export type LiveToast = ToastSpec & { id: number }

const [toasts, setToasts] = createSignal<readonly LiveToast[]>([])
let next = 1

/** Three at most: an older one has been read or no longer matters. */
const AT_ONCE = 3

export { toasts }

/** Shows a short line, with at most one thing to do (such as Undo). Returns what closes it. */
export function showToast(spec: ToastSpec): () => void {
  const id = next++
  // The same words again take the place of the first.
  setToasts((now) => [...now.filter(({ text }) => text !== spec.text).slice(1 - AT_ONCE), { ...spec, id }])
  return () => closeToast(id)
}

export function closeToast(id: number): void {
  setToasts((now) => now.filter((toast) => toast.id !== id))
}
