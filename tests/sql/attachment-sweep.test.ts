import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import * as Y from 'yjs'
import { addMember, adminClient, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { base64, openDatabase } from './log.ts'

const sql = openDatabase()
afterAll(() => sql.end())

const hash = () => randomBytes(32).toString('hex')
const png = (bytes = 10) => new Blob([randomBytes(bytes)], { type: 'image/png' })
const grace = 30 * 86_400

let ana: Person
let workspace: string
let board: Y.Doc

const doc = () => `ws/${workspace}/board/main`
const bucket = () => adminClient().storage.from('attachments')
const store = async (sha256: string) => {
  expect((await bucket().upload(`${workspace}/${sha256}`, png())).error).toBeNull()
}
const isStored = async (sha256: string) => (await bucket().exists(`${workspace}/${sha256}`)).data

/** Writes into the board as a device does. */
async function edit(change: (attachments: Y.Map<Y.Map<unknown>>) => void) {
  const before = Y.encodeStateVector(board)
  board.transact(() => change(board.getMap('attachments')))
  const update = base64(Y.encodeStateAsUpdate(board, before))
  const { data } = await ana.client.rpc('push', { ops: [{ doc: doc(), op_id: randomUUID(), update }] })
  expect(data).toMatchObject({ results: [{ status: 'accepted' }] })
}

const name = (sha256: string, values: Record<string, unknown> = {}) =>
  edit((attachments) => {
    attachments.set(sha256.slice(0, 26), new Y.Map(Object.entries({ sha256, deleted_at: null, ...values })))
  })
const set = (sha256: string, key: string, value: unknown) =>
  edit((attachments) => void attachments.get(sha256.slice(0, 26))?.set(key, value))

const sizes = async (person: Person, ...files: string[]) => {
  const { data, error } = await person.client.rpc('attachment_sizes', { workspace, files })
  return error ? error.details : (data as { sizes: Record<string, number | 'leaving'> }).sizes
}

interface Report {
  read: string[]
  failed: { doc: string; code: string }[]
  removed: string[]
}
async function sweep(): Promise<Report> {
  const { SUPABASE_URL, SUPABASE_SECRET_KEY } = inject('stack')
  const response = await fetch(`${SUPABASE_URL}/functions/v1/sweep-attachments`, {
    method: 'POST',
    headers: { apikey: SUPABASE_SECRET_KEY },
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Report
}

/** As if so many seconds had gone by for the files of this workspace. */
async function pass(seconds: number) {
  const by = sql`${seconds} * interval '1 second'`
  await sql`update private.attachment_files set claimed_at = claimed_at - ${by}, unused_since = unused_since - ${by},
    leaving_until = leaving_until - ${by} where workspace_id = ${workspace}`
  await sql`update storage.objects set created_at = created_at - ${by}, updated_at = updated_at - ${by}
    where name like ${`${workspace}/%`}`
}

beforeAll(async () => void (ana = await makePerson()))
beforeEach(async () => {
  workspace = await makeWorkspace(ana)
  board = new Y.Doc()
})

describe('what the bucket takes', () => {
  test.each([
    ['image/jpeg', true],
    ['application/octet-stream', true],
    ['text/html', false],
    ['image/svg+xml', false],
    ['application/javascript', false],
  ])('[A1] %s: %s', async (type, taken) => {
    const { error } = await ana.client.storage
      .from('attachments')
      .upload(`${workspace}/${hash()}`, new Blob(['x'], { type }))
    expect(error === null).toBe(taken)
  })

  test('[A1] whatever it is told to be, it is served so that a browser runs nothing of it', async () => {
    const path = `${workspace}/${hash()}`
    await ana.client.storage
      .from('attachments')
      .upload(path, new Blob(['<script>alert(1)</script>'], { type: 'text/plain' }))
    const { data } = await ana.client.storage.from('attachments').createSignedUrl(path, 60)
    const { headers } = await fetch(data?.signedUrl ?? '')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(headers.get('content-type')).toBe('text/plain')
  })
})

describe('asking for files', () => {
  test('[A2] members hear sizes of what is there; strangers hear nothing', async () => {
    const [here, missing] = [hash(), hash()]
    await store(here)
    const [viewer, stranger] = [await makePerson(), await makePerson()]
    await addMember(workspace, viewer, 'viewer')
    expect(await sizes(ana, here, missing, 'no hash', '')).toEqual({ [here]: 10 })
    expect(await sizes(viewer, here)).toEqual({ [here]: 10 })
    expect(await sizes(stranger, here)).toBe('not_a_member')
    expect(await sizes(ana, ...Array.from({ length: 501 }, () => here))).toBe('bad_request')
  })

  test('[A2] what is kept for it is nobody’s to read or call', async () => {
    for (const name of ['next_attachment_scan', 'claim_leaving_attachments']) {
      expect((await ana.client.rpc(name)).error).not.toBeNull()
    }
    expect((await ana.client.schema('private').from('attachment_files').select()).error).not.toBeNull()
  })
})

describe('the sweep', () => {
  test('[A3] leaves what a document names, and removes after the grace what none names any more', async () => {
    const [named, dropped] = [hash(), hash()]
    await store(named)
    await store(dropped)
    await name(named)
    await name(dropped)
    expect((await sweep()).read).toContain(doc())
    await set(dropped, 'deleted_at', Date.now())
    await sweep()
    await pass(grace - 60)
    await sweep()
    expect(await isStored(dropped)).toBe(true)
    await pass(120)
    expect((await sweep()).removed).toEqual([`${workspace}/${dropped}`])
    expect(await isStored(dropped)).toBe(false)
    expect(await isStored(named)).toBe(true)
    // A document that nobody wrote since is not read again.
    expect((await sweep()).read).not.toContain(doc())
  })

  test('[A3] the grace is counted by this clock: a device’s word that it was removed long ago shortens nothing', async () => {
    const file = hash()
    await store(file)
    await name(file, { deleted_at: 1 })
    await pass(2 * grace)
    await sweep()
    await sweep()
    expect(await isStored(file)).toBe(true)
  })

  test('[A4] what was taken back out of the trash begins a new grace', async () => {
    const file = hash()
    await store(file)
    await name(file, { deleted_at: Date.now() })
    await sweep()
    await pass(grace - 60)
    await set(file, 'deleted_at', null)
    await sweep()
    await set(file, 'deleted_at', Date.now())
    await sweep()
    await pass(120)
    await sweep()
    expect(await isStored(file)).toBe(true)
  })

  test('[A5] what a device asked for is kept for a grace more; a viewer’s question keeps nothing', async () => {
    const [asked, seen] = [hash(), hash()]
    const viewer = await makePerson()
    await addMember(workspace, viewer, 'viewer')
    for (const file of [asked, seen]) {
      await store(file)
      await name(file, { deleted_at: Date.now() })
    }
    await sweep()
    await pass(grace + 60)
    expect(await sizes(ana, asked)).toEqual({ [asked]: 10 })
    expect(await sizes(viewer, seen)).toEqual({ [seen]: 10 })
    expect((await sweep()).removed).toEqual([`${workspace}/${seen}`])
    expect(await isStored(asked)).toBe(true)
  })

  test('[A6] a file on its way out is told to nobody as being there, until that is over', async () => {
    const file = hash()
    await store(file)
    await name(file, { deleted_at: Date.now() })
    await sweep()
    await pass(grace + 60)
    const { data } = await adminClient().rpc('claim_leaving_attachments')
    expect(data).toEqual([`${workspace}/${file}`])
    expect(await sizes(ana, file)).toEqual({ [file]: 'leaving' })
    // The function that was given it died: ten minutes later it is as if nothing had been.
    await pass(601)
    expect(await sizes(ana, file)).toEqual({ [file]: 10 })
    expect((await sweep()).removed).toEqual([])
  })

  test('[A7] a device that comes back with a file that was swept is told so, and stores it again', async () => {
    const file = hash()
    await store(file)
    await name(file, { deleted_at: Date.now() })
    await sweep()
    await pass(grace + 60)
    await sweep()
    expect(await sizes(ana, file)).toEqual({})
    await set(file, 'deleted_at', null)
    await store(file)
    await sweep()
    await pass(2 * grace)
    await sweep()
    expect(await isStored(file)).toBe(true)
  })

  test('[A3] a file that was stored and never named goes too, one that was stored a moment ago does not', async () => {
    const [old, young] = [hash(), hash()]
    await store(old)
    await sweep()
    await pass(grace + 60)
    await store(young)
    expect((await sweep()).removed).toEqual([`${workspace}/${old}`])
    expect(await isStored(young)).toBe(true)
  })

  test('[A3] the same file named by two tasks stays as long as one names it', async () => {
    const file = hash()
    await store(file)
    await name(file)
    await edit((attachments) => void attachments.set('other', new Y.Map([['sha256', file]])))
    await set(file, 'deleted_at', Date.now())
    await sweep()
    await pass(grace + 60)
    await sweep()
    expect(await isStored(file)).toBe(true)
  })

  test('[A3] hundreds of old files that are in use keep none that is not from going', async () => {
    const used = Array.from({ length: 1_000 }, hash)
    const names = used.map((file) => `${workspace}/${file}`)
    const old = new Date(Date.now() - 3 * grace * 1_000)
    await sql`insert into storage.objects ${sql(
      names.map((path) => ({ bucket_id: 'attachments', name: path, created_at: old, updated_at: old })),
    )}`
    const dropped = hash()
    await store(dropped)
    await name(dropped, { deleted_at: Date.now() })
    await sweep()
    await sql`insert into private.attachment_references
      ${sql(used.map((sha256) => ({ doc_id: doc(), sha256 })))}`
    await sql`update private.attachment_files set claimed_at = ${old}, unused_since = ${old}
      where workspace_id = ${workspace}`
    // In its place in the table: behind the others.
    await sql`update storage.objects set created_at = ${old}, updated_at = ${old}
      where name = ${`${workspace}/${dropped}`}`
    expect((await sweep()).removed).toEqual([`${workspace}/${dropped}`])
    await sql`delete from storage.objects where name = any (${names})`
  })

  test('[A3] a compacted log is read as well as a long one', async () => {
    const [named, dropped] = [hash(), hash()]
    await store(named)
    await store(dropped)
    await name(named)
    await name(dropped)
    await edit((attachments) => attachments.delete(dropped.slice(0, 26)))
    const { SUPABASE_URL, SUPABASE_SECRET_KEY } = inject('stack')
    const compacted = await fetch(`${SUPABASE_URL}/functions/v1/compact`, {
      method: 'POST',
      headers: { apikey: SUPABASE_SECRET_KEY },
      body: JSON.stringify({ docs: [doc()] }),
    })
    expect(await compacted.json()).toMatchObject({ compacted: [{ doc: doc() }] })
    await name(hash())
    await sweep()
    await pass(grace + 60)
    expect((await sweep()).removed).toEqual([`${workspace}/${dropped}`])
  })

  test('only with a secret key', async () => {
    const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
    const url = `${SUPABASE_URL}/functions/v1/sweep-attachments`
    const headers = { apikey: SUPABASE_PUBLISHABLE_KEY }
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(401)
  })
})
