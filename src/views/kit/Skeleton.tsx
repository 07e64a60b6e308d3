import { Index, type JSX } from 'solid-js'

const widths = [
  [42, 62],
  [28, 48],
  [50, 70],
] as const

/** Only where nothing local exists: over local data it would be a lie. */
export function Skeleton(props: { label: string; rows?: number }): JSX.Element {
  return (
    <div class="sks" role="status" aria-label={props.label}>
      <Index each={Array.from({ length: props.rows ?? 3 })}>
        {(_, row) => (
          <div>
            <div class="sk" data-c />
            <div>
              <div class="sk" style={{ width: `${(widths[row % 3] ?? widths[0])[0]}%` }} />
              <div class="sk" style={{ width: `${(widths[row % 3] ?? widths[0])[1]}%` }} />
            </div>
          </div>
        )}
      </Index>
    </div>
  )
}
