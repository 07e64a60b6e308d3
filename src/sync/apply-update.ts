import * as Y from 'yjs'
import { standsOn } from './direct/stands-on.ts'
import { chainUpdates } from './merge-updates.ts'
import { contentOf, type UpdateContent } from './update-ranges.ts'

const MANY = 20

/**
 * Applies bytes that may be anything; null when they could not be read. They are decoded first, since a document
 * that threw half-way through an update is not one to go on with.
 */
export function applyUpdate(
  doc: Y.Doc,
  update: Uint8Array | null,
  origin: string,
  before?: (update: Uint8Array, content: UpdateContent) => void,
): UpdateContent | null {
  try {
    if (update === null) return null
    const content = contentOf(update)
    before?.(update, content)
    Y.applyUpdate(doc, update, origin)
    return content
  } catch {
    return null
  }
}

/** Many at once; false when some could not be read, which the others do not suffer from. */
export function applyAll(
  doc: Y.Doc,
  updates: readonly Uint8Array[],
  origin: string,
  before?: (update: Uint8Array, content: UpdateContent) => void,
): boolean {
  const one = chained(updates)
  if (one !== null && applyUpdate(doc, one, origin, before) !== null) return true
  let whole = true
  for (const update of updates) whole = applyUpdate(doc, update, origin, before) !== null && whole
  return whole
}

/**
 * Hundreds of updates applied one by one take Yjs half as long again as when they are one. Null where they do not
 * follow each other, or where one of them is none.
 */
export function chained(updates: readonly Uint8Array[]): Uint8Array | null {
  if (updates.length < MANY) return null
  try {
    return chainUpdates(updates)
  } catch {
    return null
  }
}

/** A screen's listener that throws must not stop what comes after it. */
export function inPeace(work: () => void, onFailure: (errorName: string) => void): void {
  try {
    work()
  } catch (error) {
    onFailure(error instanceof Error ? error.name : 'unknown')
  }
}

/** All that the update stands on is in the document. Bytes that cannot be read stand on nothing. */
export function isGrounded(doc: Y.Doc, update: Uint8Array): boolean {
  try {
    return standsOn(doc, update)
  } catch {
    return false
  }
}
