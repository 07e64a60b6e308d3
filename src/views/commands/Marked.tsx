import { For, type JSX } from 'solid-js'

/** A text with the letters that matched in bold. */
export function Marked(props: {
  text: string
  ranges: readonly (readonly [start: number, end: number])[]
}): JSX.Element {
  const parts = () => {
    const letters = Array.from(props.text)
    const out: { text: string; bold: boolean }[] = []
    let at = 0
    for (const [start, end] of props.ranges) {
      out.push({ text: letters.slice(at, start).join(''), bold: false })
      out.push({ text: letters.slice(start, end).join(''), bold: true })
      at = end
    }
    out.push({ text: letters.slice(at).join(''), bold: false })
    return out.filter((part) => part.text !== '')
  }
  return <For each={parts()}>{(part) => (part.bold ? <b>{part.text}</b> : part.text)}</For>
}
