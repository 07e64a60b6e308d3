import * as Y from 'yjs'
import { FROM_LOG } from './origins.ts'
import type { LogPosition } from './log-position.ts'
import { rangesOf } from './update-ranges.ts'

/**
 * Applies bytes that may be anything; false when they could not be read. They are decoded first, since a document
 * that threw half-way through an update is not one to go on with.
 */
export function applyUpdate(
  doc: Y.Doc,
  position: LogPosition,
  update: Uint8Array | null,
  origin: string,
): boolean {
  try {
    if (update === null) return false
    const ranges = rangesOf(update)
    Y.applyUpdate(doc, update, origin)
    if (origin === FROM_LOG) position.hold(ranges)
    return true
  } catch {
    return false
  }
}
