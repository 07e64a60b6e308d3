/**
 * The SQL of `push` and `pull` once more, in memory: same answers, same codes, same rules of anchor and epoch. One
 * contract suite (`log-server-contract.ts`) runs over both, so that what the engine is tested against is what it meets.
 */
import * as Y from 'yjs'
import { topicOf } from '../../domain/document-ids.ts'
import { documentKindOf } from '../../domain/document-kinds.ts'
import { newUuid } from '../../domain/ids.ts'
import {
  LogServerError,
  type Clock,
  type Cursor,
  type LoggedUpdate,
  type LogServer,
  type PulledDocument,
  type PushOperation,
  type PushResult,
  type Random,
  type UpdateHint,
} from '../ports.ts'
import { applyUpdate } from '../apply-update.ts'
import { contentOf } from '../update-ranges.ts'

export type Role = 'owner' | 'admin' | 'agent' | 'viewer'

interface Document {
  workspace: string
  epoch: string
  epochAt: number
  log: LoggedUpdate[]
  snapshot: { seq: number; op_id: string | null; state: Uint8Array } | null
  /** The ops of lines that were trimmed: that of place 1 first. */
  trimmed: readonly string[]
}

export interface LogTwin {
  join(workspace: string, person: string, role: Role): void
  leave(workspace: string, person: string): void
  /** The log as this person may call it; null is nobody. */
  as(person: string | null): LogServer
  mayHear(person: string, topic: string): boolean
  /** Where members speak to each other: `here:…` all of them, `edits:…` those who may write. */
  maySpeak(person: string, topic: string): boolean
  /** Hears of everything accepted, as the database would tell it. */
  onHint(listener: (topic: string, hint: UpdateHint) => void): () => void
  updates(document: string): readonly LoggedUpdate[]
  /** Puts something into the log that `push` would have refused. */
  plant(document: string, update: Uint8Array): void
  /** Makes a snapshot of everything up to a place, the head unless told; the lines stay. */
  snapshot(document: string, upTo?: number): void
  /** Lets go of the lines behind the snapshot, as retention does. */
  trim(document: string): void
  /** Both, of all documents or of one; the state may be given. */
  compact(document?: string, state?: Uint8Array): void
  backup(): () => void
  /** As if restored from a backup that ends at this place of the document. */
  forgetAfter(document: string, seq: number): void
}

const MOST_BYTES = 4 * 1024 * 1024
const HINT_BYTES = 96 * 1024
const EPOCH_REST = 60_000

/** Small pages make a simulation meet the end of one, and snapshots in slices. */
export function makeLogTwin(
  random: Random,
  clock: Pick<Clock, 'now'>,
  { pageBytes = 1_000_000 }: { pageBytes?: number } = {},
): LogTwin {
  let documents = new Map<string, Document>()
  const roles = new Map<string, Role>()
  const listeners = new Set<(topic: string, hint: UpdateHint) => void>()

  const workspaceOf = (id: string, claimed: string) =>
    id.startsWith('ws/') ? (id.split('/')[1] ?? '') : (documents.get(id)?.workspace ?? claimed)

  const roleOn = (person: string, topic: string) => {
    const named = topic.replace(/^(?:here|edits):/, '')
    const [scope = '', id = named] = named.split(':')
    return roles.get(`${scope === 'conv' ? workspaceOf(`conv/${id}`, '') : id} ${person}`)
  }

  const knows = (document: Document, { seq, op_id }: Cursor) => {
    if (seq === 0) return true
    if (seq > head(document)) return false
    if (op_id === null) return true
    return (opAt(document, seq) ?? op_id) === op_id
  }

  /** Somebody knows a line that is not there. At most once a minute, since anybody who writes may say so. */
  const renew = (document: Document) => {
    if (clock.now() - document.epochAt < EPOCH_REST) return
    document.epoch = newUuid(random.bytes)
    document.epochAt = clock.now()
  }

  const append = (id: string, document: Document, op_id: string, update: Uint8Array) => {
    const seq = head(document) + 1
    const after = document.log.at(-1)?.op_id ?? document.snapshot?.op_id ?? null
    document.log.push({ seq, op_id, update })
    const hint = { doc: id, seq, op_id, after, ...(update.byteLength <= HINT_BYTES ? { update } : {}) }
    for (const listener of listeners) listener(topicOf(id), hint)
    return seq
  }

  const pushOne = (person: string, op: PushOperation, blocked: Set<string>): PushResult => {
    const refuse = (code: string, message: string, epoch?: string): PushResult => {
      blocked.add(op.doc)
      return { doc: op.doc, op_id: op.op_id, status: 'refused', code, message, ...(epoch ? { epoch } : {}) }
    }
    if (blocked.has(op.doc)) return refuse('after_refused', 'An earlier op of this document was refused.')
    if (documentKindOf(op.doc) === null)
      return refuse('unknown_document_kind', 'No document has an id like this.')
    const workspace = workspaceOf(op.doc, op.workspace)
    const role = roles.get(`${workspace} ${person}`)
    if (!role) return refuse('not_a_member', 'There is no such document for you.')
    if (role === 'viewer') return refuse('read_only', 'Your role in this workspace is to read.')
    if (op.update.byteLength > MOST_BYTES) return refuse('too_large', 'An update has at most 4 MB.')
    if (!isUpdate(op.update)) return refuse('malformed_update', 'This is not a Yjs update.')
    const document = documents.get(op.doc) ?? {
      workspace,
      epoch: newUuid(random.bytes),
      epochAt: -Infinity,
      log: [],
      snapshot: null,
      trimmed: [],
    }
    documents.set(op.doc, document)
    if (op.anchor && !knows(document, op.anchor)) {
      renew(document)
      return refuse(
        'anchor_lost',
        'The server does not know the update that this device last saw.',
        document.epoch,
      )
    }
    const { epoch } = document
    const known =
      document.log.find((update) => update.op_id === op.op_id)?.seq ?? document.trimmed.indexOf(op.op_id) + 1
    const accepted = { doc: op.doc, op_id: op.op_id, status: 'accepted' as const, epoch }
    if (known > 0) return { ...accepted, seq: known, duplicate: true }
    const after = opAt(document, head(document))
    const seq = append(op.doc, document, op.op_id, op.update)
    return { ...accepted, seq, duplicate: false, ...(after !== null || seq === 1 ? { after } : {}) }
  }

  /** `slices`: how much of which snapshot this device has. */
  const pullOne = (
    person: string,
    id: string,
    cursor: Cursor,
    slices: Map<string, { seq: number; bytes: number }>,
  ): PulledDocument | { error: string } => {
    if (documentKindOf(id) === null) return { error: 'unknown_document_kind' }
    const role = roles.get(`${workspaceOf(id, '')} ${person}`)
    if (!role) return { error: 'not_a_member' }
    const document = documents.get(id)
    if (!document) return { epoch: null, head: 0, reset: cursor.seq > 0, updates: [], more: false }
    const reset = !knows(document, cursor)
    if (reset && role !== 'viewer') renew(document)
    const after = reset ? 0 : cursor.seq
    const snapshot = startsAtSnapshot(document, after) ? document.snapshot : null
    const answer = { epoch: document.epoch, head: head(document), reset }
    if (snapshot) {
      const held = slices.get(id)
      const bytes = (held?.seq === snapshot.seq ? held.bytes : 0) + pageBytes
      slices.delete(id)
      if (bytes < snapshot.state.byteLength) {
        slices.set(id, { seq: snapshot.seq, bytes })
        return { ...answer, updates: [], more: true, arriving: true }
      }
    }
    const updates: LoggedUpdate[] = []
    let bytes = 0
    let more = false
    for (const update of document.log) {
      if (update.seq <= Math.max(after, snapshot?.seq ?? 0)) continue
      bytes += update.update?.byteLength ?? 0
      more = updates.length > 0 && bytes > pageBytes
      if (more) break
      updates.push(update)
    }
    return { ...answer, ...(snapshot ? { snapshot } : {}), updates, more }
  }

  const existing = (id: string): Document => {
    const document = documents.get(id)
    if (!document) throw new Error(`the twin has no ${id}`)
    return document
  }

  return {
    join: (workspace, person, role) => roles.set(`${workspace} ${person}`, role),
    leave: (workspace, person) => roles.delete(`${workspace} ${person}`),
    as(person) {
      const known = () => {
        if (person === null) throw new LogServerError('unauthorised', 'nobody is signed in')
        return person
      }
      const slices = new Map<string, { seq: number; bytes: number }>()
      return {
        async push(operations) {
          const caller = known()
          const blocked = new Set<string>()
          return operations.map((operation) => pushOne(caller, operation, blocked))
        },
        async pull(cursors) {
          const caller = known()
          return new Map([...cursors].map(([id, cursor]) => [id, pullOne(caller, id, cursor, slices)]))
        },
      }
    },
    mayHear: (person, topic) => roleOn(person, topic) !== undefined,
    maySpeak(person, topic) {
      const role = roleOn(person, topic)
      if (topic.startsWith('edits:')) return role !== undefined && role !== 'viewer'
      return role !== undefined && topic.startsWith('here:')
    },
    onHint(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    updates: (id) => documents.get(id)?.log ?? [],
    plant: (id, update) => void append(id, existing(id), newUuid(random.bytes), update),
    snapshot: (id, upTo) => snapshot(existing(id), upTo),
    trim: (id) => trim(existing(id)),
    compact(id, state) {
      for (const document of id === undefined ? documents.values() : [existing(id)]) {
        snapshot(document, undefined, state)
        trim(document)
      }
    },
    forgetAfter(id, seq) {
      const document = existing(id)
      document.log = document.log.filter((update) => update.seq <= seq)
    },
    backup() {
      const copy = () =>
        new Map(
          [...documents].map(([id, document]) => [id, { ...document, log: [...document.log] }] as const),
        )
      const kept = copy()
      return () => {
        documents = new Map([...kept].map(([id, document]) => [id, { ...document, log: [...document.log] }]))
      }
    },
  }
}

function head(document: Document): number {
  return document.log.at(-1)?.seq ?? document.snapshot?.seq ?? 0
}

function opAt(document: Document, seq: number): string | null {
  const line = document.log.find((update) => update.seq === seq)
  return line?.op_id ?? document.trimmed[seq - 1] ?? null
}

function startsAtSnapshot({ snapshot, log }: Document, after: number): boolean {
  if (!snapshot || snapshot.seq <= after) return false
  const behind = log.filter(({ seq }) => seq > after && seq <= snapshot.seq)
  const bytes = behind.reduce((sum, { update }) => sum + (update?.byteLength ?? 0), 0)
  return behind.length < snapshot.seq - after || bytes > snapshot.state.byteLength
}

/** What cannot be read is in no snapshot, as no device has it. */
function snapshot(document: Document, upTo = Infinity, state?: Uint8Array): void {
  const last = document.log.findLast(({ seq }) => seq <= upTo)
  if (!last || last.seq <= (document.snapshot?.seq ?? 0)) return
  const merged = new Y.Doc()
  merged.transact(() => {
    if (document.snapshot) applyUpdate(merged, document.snapshot.state, 'twin')
    for (const { seq, update } of document.log) if (seq <= last.seq) applyUpdate(merged, update, 'twin')
  })
  document.snapshot = { seq: last.seq, op_id: last.op_id, state: state ?? Y.encodeStateAsUpdate(merged) }
}

function trim(document: Document): void {
  const upTo = document.snapshot?.seq ?? 0
  const gone = document.log.filter(({ seq }) => seq <= upTo)
  document.trimmed = [...document.trimmed, ...gone.map(({ op_id }) => op_id ?? '')]
  document.log = document.log.filter(({ seq }) => seq > upTo)
}

function isUpdate(bytes: Uint8Array): boolean {
  try {
    contentOf(bytes)
    return true
  } catch {
    return false
  }
}
