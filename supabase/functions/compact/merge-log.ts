import * as Y from 'yjs'
import type { Line } from './packed-page.ts'

// A snapshot and the lines after it, made into one snapshot. Everything is applied in one transaction: merging
// twenty thousand small updates without a document takes seven seconds, applying them so a tenth of one. What was
// deleted leaves its ids behind as on a device, so a device that was away for months still merges.

export interface Merged {
  state: Uint8Array
  /** Places of the lines that Yjs threw at: no snapshot holds them ([K5]). */
  unreadable: number[]
}

/** Null when no good snapshot comes out of it, whatever lines are left out. */
export function mergeLog(snapshot: Uint8Array | null, lines: readonly Line[]): Merged | null {
  const unreadable: number[] = []
  // A document that threw half-way through an update is not one to go on with: it is made again without that line.
  for (;;) {
    const kept = lines.filter(({ seq }) => !unreadable.includes(seq))
    const { doc, failed } = apply(snapshot, kept)
    if (failed.length === 0) return seal(doc, unreadable)
    if (failed.includes(null)) return null
    unreadable.push(...failed.filter((seq) => seq !== null))
  }
}

/** `failed` names the lines that threw; null among them is a failure of the document as a whole. */
function apply(snapshot: Uint8Array | null, lines: readonly Line[]) {
  const doc = new Y.Doc()
  const failed: (number | null)[] = []
  try {
    doc.transact(() => {
      if (snapshot) Y.applyUpdate(doc, snapshot)
      for (const { seq, update } of lines) {
        try {
          Y.decodeUpdate(update)
          Y.applyUpdate(doc, update)
        } catch {
          failed.push(seq)
        }
      }
    })
  } catch {
    // What a broken line left behind may well throw at the end of the transaction.
    if (failed.length === 0) failed.push(null)
  }
  return { doc, failed }
}

/** The lines behind a snapshot are trimmed one day: it is read once before it is believed. */
function seal(doc: Y.Doc, unreadable: number[]): Merged | null {
  const state = Y.encodeStateAsUpdate(doc)
  const { doc: again, failed } = apply(state, [])
  const same =
    failed.length === 0 &&
    Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(again)) &&
    (doc.store.pendingStructs === null) === (again.store.pendingStructs === null) &&
    (doc.store.pendingDs === null) === (again.store.pendingDs === null)
  return same ? { state, unreadable } : null
}
