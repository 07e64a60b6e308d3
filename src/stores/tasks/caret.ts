/** Carets as devices tell them to each other: a place between two letters that stays there while others write. */
import * as Y from 'yjs'

export function encodeCaret(text: Y.Text, index: number): string {
  return JSON.stringify(Y.createRelativePositionFromTypeIndex(text, index, -1))
}

/** Null when it is nowhere in this text, whatever it is: it comes from another device. */
export function placeOfCaret(text: Y.Text, caret: string): number | null {
  const { doc } = text
  if (!doc) return null
  try {
    const position = Y.createRelativePositionFromJSON(JSON.parse(caret))
    // Looking for a named type would make one.
    if (position.tname !== null) return null
    const place = Y.createAbsolutePositionFromRelativePosition(position, doc)
    return place?.type === text ? place.index : null
  } catch {
    return null
  }
}
