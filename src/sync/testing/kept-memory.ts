/**
 * Measures what two thousand conversations of twenty-five messages take in memory: kept, and opened as bare Y.Docs. A
 * process of its own (`node --expose-gc`), so that nothing else is measured; prints one line of JSON.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import * as Y from 'yjs'
import { makeKeptDocuments } from '../kept-documents.ts'
import {
  StorageError,
  type Clock,
  type DocumentStorage,
  type KeptPlace,
  type LogServer,
  type PulledDocument,
  type SyncRecord,
} from '../ports.ts'

const CONVERSATIONS = 2_000
const MESSAGES = 25

const collect = globalThis.gc
if (!collect) throw new Error('run this with node --expose-gc')
const memory = () => {
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const clock: Clock = {
  now: Date.now,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
const random = { bytes: (count: number) => randomBytes(count), fraction: Math.random }
const conversation = (n: number) => `conv/01ARYZ6S41TSV4RRFFQ6${String(n).padStart(6, '0')}`
const ids = Array.from({ length: CONVERSATIONS }, (_, n) => conversation(n))
const others = Array.from({ length: 100 }, (_, n) => conversation(CONVERSATIONS + n))

/** Documents as files, which take no room in the heap; of a kept document nothing but this is ever asked. */
function makeFiles(folder: string) {
  const file = (name: string) => join(folder, encodeURIComponent(name))
  const load = <T>(name: string, fallback: T): T =>
    existsSync(file(name)) ? (deserialize(readFileSync(file(name))) as T) : fallback
  const save = (name: string, content: unknown) => writeFileSync(file(name), serialize(content))
  const updatesOf = (id: string) => load<Uint8Array[]>(`${id} updates`, [])
  const never = () => Promise.reject(new StorageError('unavailable', 'a kept document has no use for this'))
  const storage: DocumentStorage = {
    open: async (id) => ({
      async advance(next) {
        const batch = next(load<SyncRecord | null>(id, null))
        if (batch?.sync) save(id, batch.sync)
        if (batch) save(`${id} updates`, [...updatesOf(id), ...batch.updates])
        return 0
      },
      read: never,
      write: never,
      compact: never,
      replace: never,
      onLost() {},
      close() {},
    }),
    async places() {
      const names = readdirSync(folder).filter((name) => name.endsWith('place'))
      return names.map((name) => deserialize(readFileSync(join(folder, name))) as KeptPlace)
    },
    async notePlaces(noted) {
      for (const place of noted) save(`${place.doc} place`, place)
    },
    unsent: never,
    mark: never,
    unmark: never,
  }
  return { storage, updatesOf }
}

const epoch = crypto.randomUUID()

/** The log of a conversation as it would be pulled: a line for each message. */
function logOf(): PulledDocument {
  const doc = new Y.Doc()
  const updates: PulledDocument['updates'][number][] = []
  doc.on('update', (update: Uint8Array) => {
    const seq = updates.length + 1
    updates.push({ seq, op_id: `0b9c8f6e-3d52-4a1f-9d55-${String(seq).padStart(12, '0')}`, update })
  })
  const messages = doc.getMap('messages')
  for (let n = 0; n < MESSAGES; n++) {
    doc.transact(() => {
      const message = new Y.Map()
      messages.set(`01ARYZ6S41TSV4RRFFQ7${String(n).padStart(6, '0')}`, message)
      message.set('body', 'The freezer in the second aisle is at minus four and rising, can you come?')
      message.set('author', '8c1f2b7a-1111-4222-8333-444455556666')
      message.set('at', 1_764_000_000_000 + n)
      message.set('status', 'read')
    })
  }
  doc.destroy()
  return { epoch, head: MESSAGES, reset: false, updates, more: false }
}

const folder = mkdtempSync(join(tmpdir(), 'tideline-memory-'))
try {
  const { storage, updatesOf } = makeFiles(folder)
  const log = logOf()
  const server: LogServer = {
    push: async () => [],
    pull: async (cursors) => {
      // Pages of about a megabyte, as the real one: what does not fit comes with the next.
      let room = 200
      return new Map(
        [...cursors].map(([id, cursor]) => {
          if (cursor.seq === MESSAGES) return [id, { ...log, updates: [] }]
          if (room-- > 0) return [id, log]
          return [id, { epoch, head: MESSAGES, reset: false, updates: [], more: true }]
        }),
      )
    },
  }
  const ports = { clock, random, server, storage, log() {} }
  const failed = (error: unknown) => {
    throw error
  }
  const kept = makeKeptDocuments(ports, { isUp: () => true, failed, open: failed, changed() {} })
  const keep = async (these: readonly string[]) => {
    kept.keep(these)
    const noted = new Set<string>()
    while (these.some((id) => !noted.has(id))) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      for (const { doc, cursor } of await storage.places()) if (cursor.seq === MESSAGES) noted.add(doc)
    }
  }
  // What the code itself takes is there before anything is measured.
  await keep(others)
  const before = memory()
  await keep([...others, ...ids])
  const keptBytes = memory() - before

  const documents = ids.map((id) => {
    const doc = new Y.Doc({ guid: id })
    for (const update of updatesOf(id)) Y.applyUpdate(doc, update)
    return doc
  })
  const openBytes = memory() - before - keptBytes
  const messages = documents.reduce((sum, doc) => sum + doc.getMap('messages').size, 0)
  process.stdout.write(JSON.stringify({ keptBytes, openBytes, messages }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
