import * as Y from 'yjs'
import { standsOn } from './direct/stands-on.ts'
import { contentOf, type UpdateContent } from './update-ranges.ts'

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
