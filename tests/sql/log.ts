import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import * as Y from 'yjs'
import type { Person } from '../harness/people.ts'

// push and pull as a device speaks them, and a look past every policy at what was really stored.

export interface Op {
  doc: string
  op_id: string
  update: string
  client_ids?: unknown
  workspace?: unknown
  anchor?: unknown
}

export interface Result {
  doc: string
  op_id: string
  status: 'accepted' | 'refused'
  seq?: number
  epoch?: string
  duplicate?: boolean
  code?: string
  message?: string
}

export interface Page {
  error?: string
  epoch: string | null
  head: number
  reset: boolean
  snapshot?: { seq: number; op_id: string; state: string }
  updates: {
    seq: number
    op_id: string
    update: string
    author: string
    client_id: number | null
    at: string
  }[]
  more: boolean
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** The update that writes `text` into a document of its own. */
export function write(text: string, clientID?: number): Uint8Array {
  const doc = new Y.Doc()
  if (clientID !== undefined) doc.clientID = clientID
  doc.getText('text').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

export const op = (doc: string, update: Uint8Array | string = write('x'), more: Partial<Op> = {}): Op => ({
  doc,
  op_id: randomUUID(),
  update: typeof update === 'string' ? update : base64(update),
  ...more,
})

export async function push(person: Person, ops: unknown): Promise<Result[]> {
  const { data, error } = await person.client.rpc('push', { ops })
  if (error) throw Object.assign(new Error(error.message), error)
  return (data as { results: Result[] }).results
}

export async function pull(
  person: Person,
  cursors: Record<string, unknown>,
  maxBytes?: number,
): Promise<Record<string, Page>> {
  const { data, error } = await person.client.rpc(
    'pull',
    maxBytes === undefined ? { cursors } : { cursors, max_bytes: maxBytes },
  )
  if (error) throw Object.assign(new Error(error.message), error)
  return (data as { docs: Record<string, Page> }).docs
}

/** Pulls one document to its end, as a device that has nothing of it. */
export async function read(
  person: Person,
  doc: string,
  maxBytes?: number,
): Promise<{ doc: Y.Doc; pages: number }> {
  const copy = new Y.Doc()
  let cursor: { seq: number; op_id: string | null } = { seq: 0, op_id: null }
  for (let pages = 1; ; pages++) {
    const page = (await pull(person, { [doc]: cursor }, maxBytes))[doc]
    if (!page || page.error) throw new Error(`pull of ${doc}: ${page?.error}`)
    if (page.snapshot) {
      Y.applyUpdate(copy, Buffer.from(page.snapshot.state, 'base64'))
      cursor = { seq: page.snapshot.seq, op_id: page.snapshot.op_id }
    }
    for (const { seq, op_id, update } of page.updates) {
      Y.applyUpdate(copy, Buffer.from(update, 'base64'))
      cursor = { seq, op_id }
    }
    if (!page.more) return { doc: copy, pages }
  }
}

export const board = (workspace: string, name = 'main'): string => `ws/${workspace}/board/${name}`

const ulidLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const conversation = (): string =>
  `conv/0${Array.from({ length: 25 }, () => ulidLetters[Math.floor(Math.random() * 32)]).join('')}`

/** Past every policy, for looking at what was stored and for playing the operator. */
export function openDatabase(): postgres.Sql {
  return postgres(inject('stack').DATABASE_URL, {
    max: 2,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  })
}
