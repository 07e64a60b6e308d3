/** One replacement in a text: `remove` units at `index` give way to `insert`. */
export interface TextChange {
  readonly index: number
  readonly remove: number
  readonly insert: string
}

/** What happened between two states of a text field, as the smallest replacement. Where it could have happened
 *  in several places (a second `l` in "hello") the caret, which stands after what was typed, decides. */
export function changeBetween(before: string, after: string, caret: number): TextChange | null {
  if (before === after) return null
  const shorter = Math.min(before.length, after.length)
  // What follows the caret was not touched by the edit that put the caret there.
  const tailLimit = Math.min(shorter, Math.max(0, after.length - caret))
  let tail = 0
  while (tail < tailLimit && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  let head = 0
  while (head < shorter - tail && before.charAt(head) === after.charAt(head)) head++
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  if (splitsPair(before, head) || splitsPair(after, head)) head--
  if (splitsPair(before, before.length - tail) || splitsPair(after, after.length - tail)) tail--
  return { index: head, remove: before.length - head - tail, insert: after.slice(head, after.length - tail) }
}

/** A position of the text before, after someone else's change: it stays beside the same letter. A position at
 *  the very place of an insertion stays in front of it, so that a caret is not pushed by another's typing. */
export function positionAfter(position: number, change: TextChange): number {
  if (position <= change.index) return position
  if (position < change.index + change.remove) return change.index
  return position - change.remove + change.insert.length
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000
}
