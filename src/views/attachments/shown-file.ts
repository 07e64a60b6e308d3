import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import { isPicture } from '../../domain/attachments/file-types.ts'
import type { Attachment } from '../../domain/collections/attachments.ts'
import type { FoundBytes } from '../../stores/attachments/workspace-files.ts'
import { useTaskStore } from '../../stores/tasks/task-store-context.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'

export type ShownFile =
  | { readonly kind: 'loading' }
  | { readonly kind: 'picture'; readonly url: string }
  /** Nobody asked for it yet. */
  | { readonly kind: 'unasked' }
  | { readonly kind: Exclude<FoundBytes['kind'], 'found'> }

const FIRST_LOOK = 10_000
const LONGEST_LOOK = 300_000

/** A picture's address while its element stands, and what there is to say where there is no picture. */
export function createShownPicture(
  attachment: Accessor<Attachment>,
  wanted: Accessor<boolean>,
): Accessor<ShownFile> {
  const { connection } = useWorkspace()
  const { attachments } = useTaskStore()
  const [shown, setShown] = createSignal<ShownFile>({ kind: 'loading' })
  const [attempt, setAttempt] = createSignal(0)
  const again = () => setAttempt((count) => count + 1)
  let looks = 0

  createEffect(
    on([() => attachment().sha256, wanted, attempt], ([sha256]) => {
      if (!wanted()) return setShown({ kind: 'unasked' })
      let url: string | undefined
      let look: ReturnType<typeof setTimeout> | undefined
      let alive = true
      const load = async () => {
        const found = await attachments.find(attachment())
        if (!alive || sha256 !== attachment().sha256) return
        if (found.kind === 'found') {
          // The type is of the list of what is shown, whatever the server says of it.
          const { mime } = attachment()
          url = URL.createObjectURL(new Blob([found.bytes], { type: isPicture(mime) ? mime : '' }))
          setShown({ kind: 'picture', url })
          return
        }
        setShown(found)
        // It may be on its way from the device that added it; nobody tells when it has come.
        if (found.kind !== 'nowhere' || connection().kind === 'offline') return
        look = setTimeout(again, Math.min(LONGEST_LOOK, FIRST_LOOK * 2 ** looks++))
      }
      void load()
      onCleanup(() => {
        alive = false
        clearTimeout(look)
        if (url !== undefined) URL.revokeObjectURL(url)
      })
    }),
  )
  createEffect(
    on(
      () => connection().kind,
      (kind) => {
        const { kind: now } = shown()
        if (kind === 'live' && (now === 'unreachable' || now === 'nowhere')) again()
      },
      { defer: true },
    ),
  )
  return shown
}
