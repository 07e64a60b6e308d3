/**
 * What one person has on one device: the storage in memory, with a disk's faults, and beside it what it durably
 * holds, as documents that can be asked.
 */
import * as Y from 'yjs'
import { type Clock, type DocumentStorage, type StorageBatch, type StoredDocument } from '../ports.ts'
import { makeMemoryStorage, type MemoryStorage } from '../testing/memory-storage.ts'
import { makeDiskQueue, type DiskQueue } from './disk-queue.ts'
import type { Life } from './life.ts'
import { shortOf } from './places.ts'
import type { SeededRandom } from './seeded.ts'

export interface Disk {
  readonly memory: MemoryStorage
  readonly queue: DiskQueue
  /** The storage as a tab with this life sees it. */
  as(life: Life, note: (line: string) => void): DocumentStorage
  documents(): Iterable<string>
  /** What a fresh reader would find, with what others told and something here stands on. [S16] */
  held(documentId: string): Y.Doc
  /** Connections to the databases close under their tabs' hands. */
  closeConnections(): void
  /** And the databases are gone too. */
  wipe(): void
}

export function makeDisk(clock: Clock, random: SeededRandom): Disk {
  const memory = makeMemoryStorage()
  const held = new Map<string, Y.Doc>()
  const queue = makeDiskQueue(clock, random)

  const of = (id: string): Y.Doc => {
    const doc = held.get(id) ?? new Y.Doc({ guid: id })
    held.set(id, doc)
    return doc
  }

  const readAgain = (id: string) => {
    held.delete(id)
    const { updates, told = [] } = memory.content(id)
    for (const update of [...updates, ...told.map((record) => record.update)]) Y.applyUpdate(of(id), update)
  }

  const add = (id: string, { updates, told = [], untold = [] }: StorageBatch) => {
    if (untold.length > 0) readAgain(id)
    else
      for (const update of [...updates, ...told.map((record) => record.update)]) Y.applyUpdate(of(id), update)
  }

  const wrap = (id: string, stored: StoredDocument, life: Life): StoredDocument => {
    const { connection } = queue
    const transact = <T>(name: string, run: () => Promise<T>, after: () => void): Promise<T> =>
      life.call(name, () =>
        queue.transact(id, connection, life, async () => {
          const answer = await run()
          after()
          return answer
        }),
      )
    return {
      read: () => transact('read', stored.read, () => {}),
      write: (batch) =>
        transact(
          'write',
          () => stored.write(batch),
          () => {
            add(id, batch)
          },
        ),
      compact: (encode) =>
        transact(
          'compact',
          () => stored.compact(encode),
          () => readAgain(id),
        ),
      advance(next) {
        let batch: StorageBatch | null = null
        return transact(
          'advance',
          () => stored.advance((record) => (batch = next(record))),
          () => {
            if (batch) add(id, batch)
          },
        )
      },
      replace: (...what) =>
        transact(
          'replace',
          () => stored.replace(...what),
          () => readAgain(id),
        ),
      // What it had begun goes on to its end.
      onLost: (listener) => stored.onLost(() => life.hear(listener)),
      close: () => void queue.transact(id, connection, life, async () => stored.close()).catch(() => {}),
    }
  }

  /** What stands in no document's database. */
  const index = <T>(name: string, life: Life, run: () => Promise<T>): Promise<T> =>
    life.call(name, () => queue.transact('index', queue.connection, life, run))

  const disk: Disk = {
    memory,
    queue,
    as: (life, note) => ({
      async open(id) {
        const stored = wrap(id, await life.call('open', () => queue.open(() => memory.open(id))), life)
        return traced(id, stored, note)
      },
      unsent: () => index('unsent', life, memory.unsent),
      mark(mark) {
        note(`marks ${shortOf(mark.doc)}`)
        return index('mark', life, () => memory.mark(mark))
      },
      unmark(marks) {
        note(`unmarks ${marks.map(({ doc }) => shortOf(doc)).join(', ')}`)
        return index('unmark', life, () => memory.unmark(marks))
      },
      places: () => index('places', life, memory.places),
      notePlaces: (places) => index('notePlaces', life, () => memory.notePlaces(places)),
    }),
    documents: () => held.keys(),
    held: of,
    closeConnections() {
      queue.closeConnections()
      memory.takeAway()
    },
    wipe() {
      disk.closeConnections()
      memory.wipe()
      held.clear()
    },
  }
  return disk
}

function traced(id: string, stored: StoredDocument, note: (line: string) => void): StoredDocument {
  const name = shortOf(id)
  return {
    ...stored,
    write(batch) {
      const { updates, pending, settled, sync } = batch
      note(
        `writes ${name}: ${updates.length} updates, ${pending.length} pending, ${settled.length} settled${sync ? `, at ${sync.cursor.seq}` : ''}`,
      )
      return stored.write(batch)
    },
    compact(encode) {
      note(`compacts ${name}`)
      return stored.compact(encode)
    },
    replace(...what) {
      note(`replaces ${name}`)
      return stored.replace(...what)
    },
  }
}
