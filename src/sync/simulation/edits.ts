/** Every edit that a person makes, with what it wrote and deleted, so that anything can be asked whether it holds it. */
import * as Y from 'yjs'
import type { DocumentHandle } from '../sync-engine.ts'
import { deletedRanges, type ClockRange } from '../update-ranges.ts'
import type { SeededRandom } from './seeded.ts'

export interface Edit {
  readonly number: number
  readonly doc: string
  readonly profile: string
  readonly tab: string
  /** Names the pending change; several edits may gather in one. */
  readonly subject: string
  readonly gathers: boolean
  readonly inserts: readonly ClockRange[]
  readonly deletes: readonly ClockRange[]
  /** The most that any tab has said of it. */
  claimed: 'nothing' | 'device' | 'server'
  /** What took the last copy of it, or the word by which it was dropped. */
  gone: string | null
  /** What was said before may not hold any more, and is not to be said of a lie. */
  shaken: boolean
}

const GATHERED = ['one', 'two']

export interface EditMaker {
  /** Null when there was nothing to do, or the document would not take it. */
  edit(handle: DocumentHandle, profile: string, tab: string): Edit | null
}

export function makeEditMaker(random: SeededRandom): EditMaker {
  let made = 0

  const write = (doc: Y.Doc, name: string) => {
    const items = doc.getMap('items')
    const words = doc.getText('words')
    const kind = random.below(11)
    const keys = () => [...items.keys()].sort()
    if (kind < 4) items.set(name, new Y.Map([['title', `title of ${name}`]]))
    else if (kind < 6) words.insert(random.percent(50) ? 0 : words.length, `<${name}>`)
    else if (kind === 6) words.delete(0, words.toString().indexOf('>') + 1)
    else if (kind === 7) items.set('shared', name)
    else if (kind === 8) items.delete(random.pick(keys()) ?? '')
    else {
      const item = items.get(random.pick(keys()) ?? '')
      if (item instanceof Y.Map) item.set('title', name)
      else items.set(name, 1)
    }
  }

  return {
    edit(handle, profile, tab) {
      const number = made++
      const gathers = random.percent(15)
      const subject = gathers ? (random.pick(GATHERED) ?? '') : `e${number}`
      let written: Pick<Edit, 'inserts' | 'deletes'> = { inserts: [], deletes: [] }
      handle.doc.once('afterTransaction', (transaction: Y.Transaction) => {
        written = {
          inserts: [...transaction.afterState].flatMap(([client, to]) => {
            const from = transaction.beforeState.get(client) ?? 0
            return to > from ? [{ client, from, to }] : []
          }),
          deletes: deletedRanges(transaction.deleteSet),
        }
      })
      handle.change({ collection: 'items', entity: subject, fields: ['title'] }, (doc) =>
        write(doc, `e${number}`),
      )
      if (written.inserts.length + written.deletes.length === 0) return null
      const { id: doc } = handle
      return {
        number,
        doc,
        profile,
        tab,
        subject,
        gathers,
        ...written,
        claimed: 'nothing',
        gone: null,
        shaken: false,
      }
    },
  }
}

/** Whether the document holds what the edit wrote, with the ground that it stands on, and what it deleted is deleted. */
export function holds(doc: Y.Doc, edit: Edit): boolean {
  const { store } = doc
  return (
    edit.inserts.every(({ client, to }) => Y.getState(store, client) >= to) &&
    edit.deletes.every(({ client, from, to }) => {
      if (Y.getState(store, client) < to) return false
      for (let clock = from; clock < to;) {
        const item = Y.getItem(store, Y.createID(client, clock))
        if (!item.deleted) return false
        clock = item.id.clock + item.length
      }
      return true
    })
  )
}

/** Whether its bytes came, also where they wait for the ground that they stand on. */
export function received(doc: Y.Doc, edit: Edit): boolean {
  const { pendingStructs, pendingDs } = doc.store
  const waiting = [pendingStructs?.update, pendingDs].flatMap((update) =>
    update ? [Y.decodeUpdateV2(update)] : [],
  )
  if (waiting.length === 0) return holds(doc, edit)
  const inserted = waiting.flatMap(({ structs }) =>
    structs.flatMap((struct) =>
      struct instanceof Y.Skip
        ? []
        : [{ client: struct.id.client, from: struct.id.clock, to: struct.id.clock + struct.length }],
    ),
  )
  const deleted = waiting.flatMap(({ ds }) => deletedRanges(ds))
  return (
    edit.inserts.every((range) => covers([...stateOf(doc), ...inserted], range)) &&
    edit.deletes.every((range) => covers([...deletedIn(doc, range), ...deleted], range))
  )
}

function stateOf(doc: Y.Doc): ClockRange[] {
  return [...doc.store.clients.keys()].map((client) => ({
    client,
    from: 0,
    to: Y.getState(doc.store, client),
  }))
}

function deletedIn({ store }: Y.Doc, { client, from, to }: ClockRange): ClockRange[] {
  const found: ClockRange[] = []
  for (let clock = from; clock < Math.min(to, Y.getState(store, client));) {
    const { id, length, deleted } = Y.getItem(store, Y.createID(client, clock))
    if (deleted) found.push({ client, from: id.clock, to: id.clock + length })
    clock = id.clock + length
  }
  return found
}

function covers(ranges: readonly ClockRange[], { client, from, to }: ClockRange): boolean {
  for (let clock = from; clock < to; clock++) {
    if (!ranges.some((range) => range.client === client && range.from <= clock && range.to > clock))
      return false
  }
  return true
}

export function nameOf(edit: Edit): string {
  return `e${edit.number} of ${edit.tab} in ${edit.doc}`
}
