/** Broadcasts that wait for their turn. [S8] A hint is applied only when it is the very next one after the cursor. */
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
  const drop = (cursor: Cursor) => {
    for (const seq of waiting.keys()) if (seq <= cursor.seq) waiting.delete(seq)
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
      const hint = waiting.get(cursor.seq + 1)
      if (hint?.update === undefined) return null
      waiting.delete(hint.seq)
      return { seq: hint.seq, op_id: hint.op_id, update: hint.update }
    },
    needsPull(cursor) {
      drop(cursor)
      const next = waiting.get(cursor.seq + 1)
      return unknownPlace || (waiting.size > 0 && next?.update === undefined)
    },
    clear() {
      unknownPlace = false
      waiting.clear()
    },
  }
}
