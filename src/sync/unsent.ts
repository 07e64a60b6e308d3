/**
 * What of a document is not on the server. There is no stored outbox: while running, a push carries what the document
 * emitted since the last one; at start, on reconnect, after a refusal and after a restart of the log it carries the
 * difference between the document and the acknowledged vector. [S7] Deletions do not show in a state vector:
 * the journal of pending changes says that some are pending, and those heard from a sibling tab are remembered until the
 * log shows them.
 */
import * as Y from 'yjs'
import { newUuid } from '../domain/ids.ts'
import type { Hearsay } from './direct/hearsay.ts'
import type { LogPosition } from './log-position.ts'
import { mergeUpdates } from './merge-updates.ts'
import type { PendingChanges } from './pending-changes.ts'
import type { Random, Revision } from './ports.ts'
import { contentOf, splitUpdate, type ClockRange, type UpdateContent } from './update-ranges.ts'

// Base64 makes four bytes of three, and a call stays under 1 MB.
const PIECE_BYTES = 480_000
// Past this many, as after hours offline, encoding the difference is cheaper than keeping and merging them.
const MANY = 1_000

interface OutgoingOperation {
  readonly op_id: string
  readonly update: Uint8Array
}

export interface Unsent {
  /** An edit of this person, made in this tab or told by another of theirs. */
  emitted(update: Uint8Array): void
  /** A sibling tab that pushes for itself deleted these; should it die before, it is for us to push. */
  heardDeletions(ranges: readonly ClockRange[]): void
  /** Some of these the log does not show yet. */
  readonly owesDeletions: boolean
  /** The log shows this. */
  seen(content: UpdateContent): void
  /** The next push carries the whole difference. */
  takeDifference(): void
  /** Operations to push now, oldest first; those whose answer was lost come again under the same ids. */
  take(): readonly OutgoingOperation[]
  /** Under way at this moment, or waiting for an answer that was lost. */
  isOutgoing(opId: string | null): boolean
  accepted(opId: string): void
  /** True when nothing in it is of this person. */
  refused(refusal: { code: string; message: string }): boolean
  /** No answer came: the same operations go again. */
  unanswered(): void
  /** The log starts over for this device: what was under way is part of the difference again. */
  restart(): void
  /** The document was replaced by the server's: nothing of it is unsent. */
  clear(): void
  /** A person, an edit or a new connection lets a refused difference be tried again. */
  release(): void
}

interface Outgoing {
  operations: readonly OutgoingOperation[]
  readonly changes: readonly Revision[]
}

export function makeUnsent(
  document: () => Y.Doc,
  position: () => LogPosition,
  pending: PendingChanges,
  random: Random,
  hearsay: Pick<Hearsay, 'adopted' | 'encodeOurs' | 'foreign' | 'accepted' | 'refused'>,
  /** The server has these changes. */
  settle: (changes: readonly Revision[]) => void,
): Unsent {
  let emitted: Uint8Array[] = []
  let whole = false
  let heard: readonly ClockRange[] = []
  let held = false
  let outgoing: Outgoing | null = null

  const next = (): Uint8Array | null => {
    if (!whole) return emitted.length > 0 ? mergeUpdates(emitted) : null
    const { acknowledged } = position()
    const differs =
      hasUnsent(document(), acknowledged, hearsay.foreign) ||
      // What stands on something that never came does not show in a state vector either.
      (pending.size > 0 && document().store.pendingStructs !== null) ||
      pending.deletes ||
      heard.length > 0 ||
      hearsay.adopted
    return differs ? hearsay.encodeOurs(Y.encodeStateVector(new Map(acknowledged))) : null
  }

  const giveBack = () => {
    outgoing = null
    whole = true
    pending.waitAgain()
  }

  return {
    emitted(update) {
      held = false
      emitted.push(update)
      // What siblings told is stored with it, and once stored nothing would say any more that this was deleted. [T1]
      if (heard.length > 0) whole = true
      if (emitted.length <= MANY) return
      emitted = []
      whole = true
    },
    get owesDeletions() {
      return heard.length > 0
    },
    heardDeletions(ranges) {
      heard = [...heard, ...ranges]
    },
    seen({ inserts, deletes }) {
      position().hold(inserts)
      if (heard.length === 0) return
      heard = heard.filter(
        ({ client, from, to }) =>
          !deletes.some((shown) => shown.client === client && shown.from <= from && shown.to >= to),
      )
    },
    takeDifference() {
      whole = true
    },
    take() {
      if (outgoing !== null) {
        pending.sendAgain(outgoing.changes)
        return outgoing.operations
      }
      if (held) return []
      const update = next()
      // Nothing differs: a sibling, or a life before this one, has brought over all that was pending.
      if (update === null && whole) settle(pending.take())
      emitted = []
      whole = false
      if (update === null) return []
      outgoing = {
        operations: splitUpdate(update, PIECE_BYTES).map((piece) => ({
          op_id: newUuid(random.bytes),
          update: piece,
        })),
        changes: pending.take(),
      }
      return outgoing.operations
    },
    isOutgoing: (opId) => outgoing?.operations.some((operation) => operation.op_id === opId) ?? false,
    accepted(opId) {
      const operation = outgoing?.operations.find((candidate) => candidate.op_id === opId)
      if (!outgoing || !operation) return
      const content = contentOf(operation.update)
      this.seen(content)
      hearsay.accepted(operation.update, content)
      outgoing.operations = outgoing.operations.filter((other) => other !== operation)
      if (outgoing.operations.length > 0) return
      const { changes } = outgoing
      outgoing = null
      settle(changes)
    },
    refused(refusal) {
      if (!outgoing) return false
      const { changes } = outgoing
      giveBack()
      // What others told was not for us to push; what is left of it is ours, and is tried without.
      if (hearsay.refused() && changes.length === 0) return false
      // What was edited since it was made goes in one that names it.
      if (changes.length === 0 && pending.entries().some((entry) => entry.held)) return false
      held = true
      pending.refuse(changes, refusal)
      return changes.length === 0
    },
    unanswered: () => pending.waitAgain(),
    restart: giveBack,
    clear() {
      emitted = []
      whole = false
      heard = []
      held = false
      outgoing = null
    },
    release() {
      held = false
    },
  }
}

function hasUnsent(
  doc: Y.Doc,
  acknowledged: ReadonlyMap<number, number>,
  foreign: (range: ClockRange) => number,
): boolean {
  for (const [client, to] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
    const from = acknowledged.get(client) ?? 0
    if (to - from > foreign({ client, from, to })) return true
  }
  return false
}
