import { createSignal, onCleanup, onMount, type Accessor } from 'solid-js'

interface DropZone {
  /** Files are above it at this moment. */
  readonly over: Accessor<boolean>
  readonly on: {
    onDragEnter(event: DragEvent): void
    onDragOver(event: DragEvent): void
    onDragLeave(event: DragEvent): void
    onDrop(event: DragEvent): void
  }
}

/** Files dropped onto an element, and pasted anywhere on the page while it stands. */
export function createDropAndPaste(add: (files: readonly File[]) => void): DropZone {
  // Each element below counts as entered and left by itself.
  const [depth, setDepth] = createSignal(0)
  const carries = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true

  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])]
    // A word processor puts a picture of the words beside them: in a text field the words are meant.
    const isText = isTextField(event.target) && event.clipboardData?.types.includes('text/plain') === true
    if (files.length === 0 || isText) return
    event.preventDefault()
    add(files)
  }
  onMount(() => document.addEventListener('paste', paste))
  onCleanup(() => document.removeEventListener('paste', paste))

  return {
    over: () => depth() > 0,
    on: {
      onDragEnter(event) {
        if (!carries(event)) return
        event.preventDefault()
        setDepth((now) => now + 1)
      },
      onDragOver(event) {
        if (carries(event)) event.preventDefault()
      },
      onDragLeave(event) {
        if (carries(event)) setDepth((now) => Math.max(0, now - 1))
      },
      onDrop(event) {
        if (!carries(event)) return
        event.preventDefault()
        setDepth(0)
        add([...(event.dataTransfer?.files ?? [])])
      },
    },
  }
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement
}
