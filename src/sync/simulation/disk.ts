/**
 * What one person has on one device: the storage in memory, with a disk's faults, and beside it what it durably
 * holds, as documents that can be asked. Transactions of a document complete in the order in which they began.
 */
import * as Y from 'yjs'
import {
  StorageError,
  type Clock,
  type DocumentStorage,
  type StorageBatch,
  type StoredDocument,
} from '../ports.ts'
import { makeMemoryStorage, type MemoryStorage } from '../testing/memory-storage.ts'
import type { Life } from './life.ts'
import { shortOf } from './places.ts'
import type { SeededRandom } from './seeded.ts'

export interface Disk {
  readonly memory: MemoryStorage
  /** Longest time of one transaction, in milliseconds. */
  slowness: number
  /** The storage as a tab with this life sees it. */
  as(life: Life, note: (line: string) => void): DocumentStorage
  documents(): Iterable<string>
  /** What a fresh reader would find. */
  held(documentId: string): Y.Doc
  /** Connections to the databases close under their tabs' hands; what they had not completed fails. */
  closeConnections(): void
  /** And the databases are gone too. */
  wipe(): void
}

export function makeDisk(clock: Clock, random: SeededRandom): Disk {
  const memory = makeMemoryStorage()
  const held = new Map<string, Y.Doc>()
  const queues = new Map<string, number>()
  let connection = 0

  const of = (id: string): Y.Doc => {
    const doc = held.get(id) ?? new Y.Doc()
    held.set(id, doc)
    return doc
  }

  const readAgain = (id: string) => {
    held.delete(id)
    for (const update of memory.content(id).updates) Y.applyUpdate(of(id), update)
  }

  /** Waits for its turn; a page that is gone by then may have taken its transaction with it. */
  const turn = async (id: string, mine: number, life: Life) => {
    const ready = Math.max(clock.now() + random.below(1 + disk.slowness), queues.get(id) ?? 0)
    queues.set(id, ready)
    if (ready > clock.now())
      await new Promise<void>((resolve) => void clock.after(ready - clock.now(), resolve))
    if (mine !== connection) throw new StorageError('unavailable', 'the connection closed')
    if (life.state === 'gone' && ready > clock.now() - 1 && disk.slowness > 0 && random.percent(50)) {
      throw new StorageError('unavailable', 'the page is gone')
    }
  }

  const wrap = (id: string, stored: StoredDocument, life: Life): StoredDocument => {
    const mine = connection
    const transact = async <T>(name: string, run: () => Promise<T>, after: () => void): Promise<T> =>
      life.call(name, async () => {
        await turn(id, mine, life)
        const answer = await run()
        after()
        return answer
      })
    return {
      read: () => transact('read', stored.read, () => {}),
      write: (batch) =>
        transact(
          'write',
          () => stored.write(batch),
          () => {
            for (const update of batch.updates) Y.applyUpdate(of(id), update)
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
            for (const update of batch?.updates ?? []) Y.applyUpdate(of(id), update)
          },
        )
      },
      replace: (...what) =>
        transact(
          'replace',
          () => stored.replace(...what),
          () => readAgain(id),
        ),
      close: stored.close,
    }
  }

  /** What stands in no document's database. */
  const index = <T>(name: string, life: Life, run: () => Promise<T>): Promise<T> => {
    const mine = connection
    return life.call(name, async () => {
      await turn('index', mine, life)
      return run()
    })
  }

  const disk: Disk = {
    memory,
    slowness: 0,
    as: (life, note) => ({
      async open(id) {
        const stored = wrap(id, await life.call('open', () => memory.open(id)), life)
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
      connection++
    },
    wipe() {
      connection++
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
