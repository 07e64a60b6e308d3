import { createSignal, type JSX } from 'solid-js'

/** The divider between two panes: drag it, or move it with the arrows; the owner remembers the width. */
export function Handle(props: {
  label: string
  width: number
  min: number
  max: number
  /** On which side of the handle the pane stands that it resizes. */
  side: 'before' | 'after'
  onResize: (width: number) => void
}): JSX.Element {
  const [dragging, setDragging] = createSignal(false)
  const towards = () => (props.side === 'before' ? 1 : -1)
  const set = (width: number) => props.onResize(Math.round(Math.min(props.max, Math.max(props.min, width))))
  let from = { x: 0, width: 0 }
  return (
    // A focusable separator is the ARIA pattern of a window splitter.
    <div
      class="handle"
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.width}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      data-dragging={dragging() ? '' : undefined}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        from = { x: event.clientX, width: props.width }
        setDragging(true)
      }}
      onPointerMove={(event) => {
        if (dragging()) set(from.width + (event.clientX - from.x) * towards())
      }}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 64 : 16
        if (event.key === 'ArrowRight') set(props.width + step * towards())
        else if (event.key === 'ArrowLeft') set(props.width - step * towards())
        else return
        event.preventDefault()
      }}
    />
  )
}
