/**
 * The journal of one document's unsent changes: what a person sees as pending, with its subject. It says what is
 * unsent, it does not hold it: that is the document's difference to the acknowledged vector. Edits of one entity
 * gather in one change until a push takes it.
 */
import { newId } from '../domain/ids.ts'
import type { PendingRecord, SyncPorts } from './ports.ts'
import type { ChangeSubject } from './sync-engine.ts'
import type { PendingChange } from './sync-state.ts'

interface Entry {
  record: PendingRecord
  onDevice: boolean
  sending: boolean
  refusal: PendingChange['refusal']
}

export interface PendingChanges {
  readonly size: number
  /** Whether any of it deleted something. */
  readonly deletes: boolean
  note(subject: ChangeSubject, client: number, deletes: boolean): void
  restore(records: readonly PendingRecord[]): void
  list(doc: string): PendingChange[]
  has(id: string): boolean
  /** Yjs clients that wrote what is pending. */
  clients(): Iterable<number>
  /** Everything noted so far goes out with the push that starts now; the answer names it. */
  take(): readonly string[]
  /** A push whose answer was lost goes again. */
  sendAgain(ids: readonly string[]): void
  settle(ids: readonly string[]): void
  /** The push got no answer: what it carried waits again. */
  waitAgain(): void
  refuse(ids: readonly string[], refusal: { code: string; message: string }): void
  /** Records not yet written to the device; those written before are `stored` once the transaction is complete. */
  unwritten(): readonly PendingRecord[]
  stored(records: readonly PendingRecord[]): void
  /** The device's storage was lost: everything is to be written again. */
  unstore(): void
}

export function makePendingChanges({ clock, random }: Pick<SyncPorts, 'clock' | 'random'>): PendingChanges {
  const entries = new Map<string, Entry>()
  // The change that further edits of an entity join.
  const gathering = new Map<string, string>()

  const put = (record: PendingRecord, onDevice: boolean) => {
    entries.set(record.id, { record, onDevice, sending: false, refusal: undefined })
    gathering.set(`${record.collection}/${record.entity}`, record.id)
  }

  return {
    get size() {
      return entries.size
    },
    get deletes() {
      return [...entries.values()].some((entry) => entry.record.deletes)
    },
    note({ collection, entity, fields }, client, deletes) {
      const open = entries.get(gathering.get(`${collection}/${entity}`) ?? '')
      if (!open || open.record.client !== client) {
        const at = clock.now()
        put({ id: newId(at, random.bytes), collection, entity, fields, at, client, deletes }, false)
        return
      }
      const named = open.record.fields
      open.record = {
        ...open.record,
        fields: [...named, ...fields.filter((field) => !named.includes(field))],
        deletes: deletes || open.record.deletes,
      }
      open.onDevice = false
      open.refusal = undefined
    },
    restore(records) {
      for (const record of records) if (!entries.has(record.id)) put(record, true)
    },
    list: (doc) =>
      [...entries.values()].map(({ record, onDevice, sending, refusal }) => ({
        id: record.id,
        doc,
        collection: record.collection,
        entity: record.entity,
        fields: record.fields,
        at: record.at,
        state: refusal ? 'refused' : sending ? 'sending' : onDevice ? 'device' : 'memory',
        refusal,
      })),
    has: (id) => entries.has(id),
    clients: () => new Set([...entries.values()].map((entry) => entry.record.client)),
    take() {
      gathering.clear()
      for (const entry of entries.values()) {
        entry.sending = true
        entry.refusal = undefined
      }
      return [...entries.keys()]
    },
    sendAgain(ids) {
      for (const id of ids) {
        const entry = entries.get(id)
        if (entry) entry.sending = true
      }
    },
    settle(ids) {
      for (const id of ids) entries.delete(id)
    },
    waitAgain() {
      for (const entry of entries.values()) entry.sending = false
    },
    refuse(ids, refusal) {
      for (const id of ids) {
        const entry = entries.get(id)
        if (!entry) continue
        entry.sending = false
        entry.refusal = refusal
      }
    },
    unwritten: () => [...entries.values()].filter((entry) => !entry.onDevice).map((entry) => entry.record),
    stored(records) {
      for (const record of records) {
        const entry = entries.get(record.id)
        // An edit that joined it meanwhile made a new record, which the next transaction writes.
        if (entry?.record === record) entry.onDevice = true
      }
    },
    unstore() {
      for (const entry of entries.values()) entry.onDevice = false
    },
  }
}
