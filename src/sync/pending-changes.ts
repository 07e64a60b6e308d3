/**
 * The journal of one document's unsent changes: what a person sees as pending, with its subject, whichever tab of
 * theirs made it. It says what is unsent, it does not hold it: that is the document's difference to the acknowledged
 * vector. Edits of one entity gather in one change until a push takes it; each that joins raises its revision. The tab
 * that made a change says when it is on the device, the leader what became of it, and each says up to which revision,
 * so that nothing is taken for sent that came after. [T6]
 */
import { newId } from '../domain/ids.ts'
import type { Fate, JournalEntry, Refusal } from './change-fates.ts'
import type { PendingRecord, Revision, SyncPorts } from './ports.ts'
import { show, type Entry } from './pending-entry.ts'
import { makeSettledChanges } from './settled-changes.ts'
import type { ChangeSubject } from './sync-engine.ts'
import type { PendingChange } from './sync-state.ts'

// What was told to everybody has reached the leader too by then.
const ON_ITS_WAY = 5_000
// The leader says all that it knows every minute, and whoever holds more says so.
const MISSED_AFTER = 90_000

export interface PendingChanges {
  readonly size: number
  /** Whether any of it deleted something. */
  readonly deletes: boolean
  note(subject: ChangeSubject, client: number, deletes: boolean): PendingRecord
  restore(records: readonly PendingRecord[]): void
  list(): readonly PendingChange[]
  has(id: string): boolean
  /** Yjs clients that wrote what is pending. */
  clients(): Iterable<number>
  /** What this tab answers for. */
  ours(): readonly PendingRecord[]
  /** Everything noted so far goes out with the push that starts now; the answer names it. */
  take(): readonly Revision[]
  /** A push whose answer was lost goes again. */
  sendAgain(changes: readonly Revision[]): void
  settle(changes: readonly Revision[]): void
  /** The push got no answer: what it carried waits again. */
  waitAgain(): void
  refuse(changes: readonly Revision[], refusal: Refusal): void
  /** Records not yet written to the device; those written before are `stored` once the transaction is complete. */
  unwritten(): readonly PendingRecord[]
  /** Gives those that were settled meanwhile: they are to be removed from the device again. */
  stored(records: readonly PendingRecord[]): readonly Revision[]
  /** The device's storage was lost: everything is to be written again. */
  unstore(): void
  /** Which of these were settled, lately. */
  settledOf(records: readonly PendingRecord[]): readonly Revision[]
  /** All of these are in the document of this tab, or were and are settled. */
  holds(records: readonly PendingRecord[]): boolean
  /** Another tab tells of changes; `held`: and what they are about is in the document here. */
  told(records: readonly PendingRecord[], held: boolean): void
  hear(fates: readonly Fate[]): void
  /** Another tab's changes are for us to write: what they are about is stored with ours. */
  adopt(records: readonly PendingRecord[]): void
  /** The leader did not know something that another tab made. */
  readonly doubtful: boolean
  /** Something is only heard of, for longer than whoever has it could have been silent. */
  readonly missing: boolean
  /** It is not on the device either: it died with the tab that made it. */
  dropMissing(): void
  entries(): readonly JournalEntry[]
  /**
   * All that the leader knows. Gives what of ours it does not know. `sure`: it has led for long enough to have heard of
   * everything. What others made and it does not know is settled, when it says so twice: a leader that wakes may say
   * once what it knew before.
   */
  agree(entries: readonly JournalEntry[], sure: boolean): readonly PendingRecord[]
}

export function makePendingChanges(
  doc: string,
  { clock, random }: Pick<SyncPorts, 'clock' | 'random'>,
  tell: (fate: Fate) => void,
  changed: () => void,
): PendingChanges {
  const entries = new Map<string, Entry>()
  const unwritten = new Set<string>()
  // The change that further edits of an entity join.
  const gathering = new Map<string, string>()
  const gone = makeSettledChanges()
  let shown: readonly PendingChange[] | null = null

  const alter = (entry: Entry, change: Partial<Entry>) => {
    Object.assign(entry, change, { shown: null })
    if (entry.ours && !entry.onDevice) unwritten.add(entry.record.id)
    else unwritten.delete(entry.record.id)
    shown = null
    changed()
  }

  const put = (
    record: PendingRecord,
    { ours, held, onDevice }: Pick<Entry, 'ours' | 'held' | 'onDevice'>,
  ) => {
    const { refusal, sending = -1 } = entries.get(record.id) ?? {}
    const entry: Entry = {
      record,
      ours,
      held,
      onDevice,
      sending,
      refusal,
      since: clock.now(),
      doubted: null,
      shown: null,
    }
    entries.set(record.id, entry)
    alter(entry, {})
    return entry
  }

  const remove = (id: string) => {
    entries.delete(id)
    unwritten.delete(id)
    shown = null
    changed()
  }

  const withEach = (changes: readonly Revision[], run: (entry: Entry, rev: number) => void) => {
    for (const { id, rev } of changes) {
      const entry = entries.get(id)
      if (entry) run(entry, rev)
    }
  }

  const apply = (fate: Fate) => {
    if (fate.is === 'settled') fate.changes.forEach(gone.add)
    withEach(fate.changes, (entry, rev) => {
      const now = entry.record.rev === rev
      if (fate.is === 'device' && now) alter(entry, { onDevice: true })
      else if (fate.is === 'memory' && now && !entry.ours) alter(entry, { onDevice: false })
      else if (fate.is === 'sending') alter(entry, { sending: rev, refusal: undefined })
      else if (fate.is === 'waiting') alter(entry, { sending: -1 })
      else if (fate.is === 'refused') alter(entry, { sending: -1, refusal: fate.refusal })
      else if (fate.is === 'settled' && entry.record.rev <= rev) remove(entry.record.id)
      else if (fate.is === 'settled') alter(entry, { sending: -1 })
      // Whoever holds it knows better.
      else if (fate.is === 'lost' && !entry.held) remove(entry.record.id)
    })
    if (fate.is !== 'sending') return
    // What comes after is a change of its own, or it would wait for the answer of this one.
    const taken = new Set(fate.changes.map(({ id }) => id))
    for (const [about, id] of gathering) if (taken.has(id)) gathering.delete(about)
  }

  const become = (fate: Fate) => {
    if (fate.changes.length === 0) return
    apply(fate)
    tell(fate)
  }

  const all = () => [...entries.values()]
  const isPast = (since: number, pause: number) => Math.abs(clock.now() - since) >= pause
  const isMissing = ({ held, since }: Entry) => !held && isPast(since, MISSED_AFTER)
  const revision = ({ record: { id, rev } }: Entry): Revision => ({ id, rev })

  return {
    get size() {
      return entries.size
    },
    get deletes() {
      return all().some(({ held, record }) => held && record.deletes)
    },
    note({ collection, entity, fields }, client, deletes) {
      const about = `${collection}/${entity}`
      const open = entries.get(gathering.get(about) ?? '')
      if (!open || open.record.client !== client) {
        const at = clock.now()
        const id = newId(at, random.bytes)
        gathering.set(about, id)
        const record = { id, collection, entity, fields, at, client, deletes, rev: 0 }
        return put(record, { ours: true, held: true, onDevice: false }).record
      }
      const named = open.record.fields
      const record: PendingRecord = {
        ...open.record,
        fields: [...named, ...fields.filter((field) => !named.includes(field))],
        deletes: deletes || open.record.deletes,
        rev: open.record.rev + 1,
      }
      alter(open, { record, ours: true, onDevice: false, refusal: undefined })
      return record
    },
    restore(records) {
      for (const record of records) {
        const known = entries.get(record.id)
        if (gone.has(record)) continue
        if (!known || known.record.rev < record.rev)
          put(record, { ours: known?.ours ?? true, held: true, onDevice: true })
        // Ours is called so when this tab has written it, and its mark.
        else if (known.record.rev === record.rev)
          alter(known, { held: true, onDevice: known.onDevice || !known.ours })
      }
    },
    list() {
      shown ??= all().map((entry) => show(entry, doc))
      return shown
    },
    has: (id) => entries.has(id),
    clients: () => new Set(all().map((entry) => entry.record.client)),
    ours: () => all().flatMap(({ ours, record }) => (ours ? [record] : [])),
    take() {
      const changes = all()
        .filter(({ held }) => held)
        .map(revision)
      become({ is: 'sending', changes })
      return changes
    },
    sendAgain: (changes) => become({ is: 'sending', changes }),
    settle: (changes) => become({ is: 'settled', changes }),
    waitAgain() {
      become({
        is: 'waiting',
        changes: all()
          .filter(({ sending }) => sending >= 0)
          .map(revision),
      })
    },
    refuse: (changes, refusal) => become({ is: 'refused', changes, refusal }),
    unwritten: () => [...unwritten].flatMap((id) => entries.get(id)?.record ?? []),
    stored(records) {
      become({ is: 'device', changes: records.map(({ id, rev }) => ({ id, rev })) })
      return records.filter(({ id }) => !entries.has(id))
    },
    unstore() {
      const lost = all().filter(({ ours }) => ours)
      for (const entry of lost) alter(entry, { onDevice: false })
      if (lost.length > 0) tell({ is: 'memory', changes: lost.map(revision) })
    },
    told(records, held) {
      for (const record of records) {
        const known = entries.get(record.id)
        if (gone.has(record) || (known && known.record.rev > record.rev)) continue
        if (known?.record.rev === record.rev) alter(known, { held: held || known.held })
        else put(record, { ours: false, held, onDevice: false })
      }
    },
    settledOf: (records) => records.filter(gone.has).map(({ id, rev }) => ({ id, rev })),
    holds: (records) =>
      records.every((record) => {
        const { held = false, record: known } = entries.get(record.id) ?? {}
        return gone.has(record) || (held && known !== undefined && known.rev >= record.rev)
      }),
    hear: (fates) => fates.forEach(apply),
    adopt(records) {
      withEach(records, (entry, rev) => {
        if (entry.record.rev === rev && entry.held && !entry.onDevice) alter(entry, { ours: true })
      })
    },
    get doubtful() {
      return all().some(({ doubted }) => doubted !== null)
    },
    get missing() {
      return all().some(isMissing)
    },
    dropMissing() {
      const lost = all().filter(isMissing)
      for (const { record } of lost) remove(record.id)
      if (lost.length > 0) tell({ is: 'lost', changes: lost.map(revision) })
    },
    entries: () =>
      all().map(({ record, held, onDevice, sending, refusal }) => ({
        doc,
        record,
        held,
        onDevice,
        sending: sending === record.rev,
        refusal,
      })),
    agree(known, sure) {
      for (const { record, onDevice, sending, refusal } of known) {
        const entry = entries.get(record.id)
        if (gone.has(record) || (entry && entry.record.rev > record.rev)) continue
        const same =
          entry?.record.rev === record.rev ? entry : put(record, { ours: false, held: false, onDevice })
        alter(same, { onDevice: onDevice || same.onDevice, sending: sending ? record.rev : -1, refusal })
      }
      const told = new Map(known.map(({ record, held }) => [record.id, held]))
      for (const entry of all()) {
        const known = entry.ours || told.has(entry.record.id) || !sure
        entry.doubted = known ? null : (entry.doubted ?? clock.now())
        if (entry.doubted !== null && isPast(entry.doubted, ON_ITS_WAY)) remove(entry.record.id)
      }
      return all().flatMap(({ ours, record }) => (ours && !told.get(record.id) ? [record] : []))
    },
  }
}
