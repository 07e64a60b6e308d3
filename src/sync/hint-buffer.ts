/**
 * Broadcasts that wait for their turn. [S8] A hint is applied only when it follows the cursor: the next number, and
 * after the very operation that the cursor names. A number alone is no proof: behind a server that was restored from
 * a backup, the next number may stand on lines that this device has never seen.
 */
import type { Cursor, LoggedUpdate, UpdateHint } from './ports.ts'

// So many waiting means that a pull is cheaper than waiting on.
const MOST = 200

export interface HintBuffer {
  add(hint: UpdateHint, cursor: Cursor): void
  /** The hint that follows the cursor, taken out, or null when it is not there or came without its bytes. */
  take(cursor: Cursor): LoggedUpdate | null
  needsPull(cursor: Cursor): boolean
  clear(): void
}

export function makeHintBuffer(): HintBuffer {
  const waiting = new Map<number, UpdateHint>()
  let unknownPlace = false
  const follower = (cursor: Cursor) => {
    const hint = waiting.get(cursor.seq + 1)
    return hint?.update !== undefined && hint.after === cursor.op_id ? hint : null
  }
  return {
    add(hint, cursor) {
      // Another operation at our own place: the log is not the one that we know.
      if (hint.seq === cursor.seq && cursor.op_id !== null && hint.op_id !== cursor.op_id) unknownPlace = true
      if (hint.seq <= cursor.seq) return
      if (waiting.size >= MOST) waiting.clear()
      waiting.set(hint.seq, hint)
    },
    take(cursor) {
      const hint = follower(cursor)
      if (!hint) return null
      waiting.delete(hint.seq)
      return { seq: hint.seq, op_id: hint.op_id, update: hint.update ?? null }
    },
    needsPull(cursor) {
      for (const seq of waiting.keys()) if (seq <= cursor.seq) waiting.delete(seq)
      return unknownPlace || (waiting.size > 0 && !follower(cursor))
    },
    clear() {
      unknownPlace = false
      waiting.clear()
    },
  }
}
