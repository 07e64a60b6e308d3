import { randomBytes, randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { adminClient, anonymousClient, makePerson, type Person } from '../harness/people.ts'

const stack = inject('stack')
const bucket = `own-${randomUUID().slice(0, 8)}`
const shown = `shown-${randomUUID().slice(0, 8)}`
let sql: Sql
let ana: Person
let rui: Person

const text = (content: string, type = 'text/plain') => new Blob([content], { type })
const at = (client: SupabaseClient) => client.storage.from(bucket)
const code = (error: unknown) => (error as { statusCode?: string } | null)?.statusCode

beforeAll(async () => {
  sql = postgres(stack.DATABASE_URL, { max: 2, onnotice() {} })
  const { storage } = adminClient()
  await storage.createBucket(bucket, { public: false, fileSizeLimit: 200_000 })
  await storage.createBucket(shown, { public: true, allowedMimeTypes: ['image/*'] })
  // The first folder of a name is the person.
  await sql.unsafe(`create policy "${bucket}" on storage.objects for all to authenticated
    using (bucket_id = '${bucket}' and (storage.foldername(name))[1] = auth.uid()::text)
    with check (bucket_id = '${bucket}' and (storage.foldername(name))[1] = auth.uid()::text)`)
  ana = await makePerson()
  rui = await makePerson()
})

afterAll(async () => {
  await sql.unsafe(`drop policy "${bucket}" on storage.objects`)
  await sql.end()
})

describe('upload and download', () => {
  test('a file comes back as it went, with its type, its cache time and its description', async () => {
    const name = `${ana.id}/a folder/photo (1).png`
    const bytes = new Uint8Array(randomBytes(70_000))
    const up = await at(ana.client).upload(name, new Blob([bytes], { type: 'image/png' }), {
      cacheControl: '120',
      metadata: { room: 'cold' },
    })
    expect(up.error).toBeNull()
    expect(up.data).toMatchObject({ path: name, fullPath: `${bucket}/${name}` })
    const down = await at(ana.client).download(name)
    expect(down.data?.type).toBe('image/png')
    expect(new Uint8Array((await down.data?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes)
    const info = await at(ana.client).info(name)
    expect(info.data).toMatchObject({
      size: 70_000,
      contentType: 'image/png',
      cacheControl: 'max-age=120',
      metadata: { room: 'cold' },
    })
    expect((await at(ana.client).exists(name)).data).toBe(true)
  })

  test('bytes may be sent bare, and an empty file is a file', async () => {
    const name = `${ana.id}/bare.bin`
    const up = await at(ana.client).upload(name, new Uint8Array(10), { contentType: 'application/x-thing' })
    expect(up.error).toBeNull()
    expect((await at(ana.client).download(name)).data?.type).toBe('application/x-thing')
    await at(ana.client).upload(`${ana.id}/empty`, text(''))
    expect((await at(ana.client).download(`${ana.id}/empty`)).data?.size).toBe(0)
  })

  test('a name is taken once, unless it is to be replaced', async () => {
    const name = `${ana.id}/twice.txt`
    await at(ana.client).upload(name, text('one'))
    const again = await at(ana.client).upload(name, text('two'))
    expect(code(again.error)).toBe('409')
    expect(await (await at(ana.client).download(name)).data?.text()).toBe('one')
    expect((await at(ana.client).upload(name, text('three'), { upsert: true })).error).toBeNull()
    expect((await at(ana.client).update(name, text('four'))).error).toBeNull()
    expect(await (await at(ana.client).download(name)).data?.text()).toBe('four')
  })

  test('what a bucket does not take is refused with its reason and leaves nothing', async () => {
    const big = await at(ana.client).upload(`${ana.id}/big`, new Blob([new Uint8Array(200_001)]))
    expect(code(big.error)).toBe('413')
    const bigger = await at(ana.client).upload(`${ana.id}/big`, new Blob([new Uint8Array(2_000_000)]))
    expect(code(bigger.error)).toBe('413')
    const { storage } = adminClient()
    const wrong = await storage.from(shown).upload('page.html', text('<p>', 'text/html'))
    expect(code(wrong.error)).toBe('415')
    expect((await at(ana.client).exists(`${ana.id}/big`)).data).toBe(false)
    expect(code((await ana.client.storage.from('nowhere').upload('x', text('x'))).error)).toBe('404')
  })

  test('ranges: first, last and middle bytes, and one that is not there', async () => {
    const name = `${ana.id}/range.txt`
    await at(ana.client).upload(name, text('0123456789'))
    const { data } = await at(ana.client).createSignedUrl(name, 60)
    const get = (range: string) => fetch(data?.signedUrl ?? '', { headers: { range } })
    const whole = await fetch(data?.signedUrl ?? '')
    expect(whole.headers.get('accept-ranges')).toBe('bytes')
    for (const [range, body, content] of [
      ['bytes=0-3', '0123', 'bytes 0-3/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=4-100', '456789', 'bytes 4-9/10'],
    ] as const) {
      const response = await get(range)
      expect(response.status).toBe(206)
      expect(response.headers.get('content-range')).toBe(content)
      expect(await response.text()).toBe(body)
    }
    const beyond = await get('bytes=10-')
    expect(beyond.status).toBe(416)
    expect(beyond.headers.get('content-range')).toBe('bytes */10')
    const cached = await fetch(data?.signedUrl ?? '', {
      headers: { 'if-none-match': whole.headers.get('etag') ?? '' },
    })
    expect(cached.status).toBe(304)
  })
})

describe('policies decide', () => {
  test('another person and nobody can neither read, list, change, move, sign nor delete', async () => {
    const name = `${ana.id}/private.txt`
    await at(ana.client).upload(name, text('secret'))
    for (const client of [rui.client, anonymousClient()]) {
      const own = at(client)
      expect(code((await own.download(name)).error)).toBe('404')
      expect((await own.download(name)).data).toBeNull()
      expect((await own.list(ana.id)).data).toEqual([])
      expect((await own.info(name)).data).toBeNull()
      expect((await own.createSignedUrl(name, 60)).data).toBeNull()
      expect(code((await own.upload(name, text('x'), { upsert: true })).error)).toBe('403')
      expect(code((await own.upload(`${ana.id}/new`, text('x'))).error)).toBe('403')
      expect((await own.move(name, `${rui.id}/stolen`)).data).toBeNull()
      expect((await own.copy(name, `${rui.id}/stolen`)).data).toBeNull()
      expect((await own.createSignedUploadUrl(`${ana.id}/new`)).data).toBeNull()
      expect((await own.remove([name])).data).toEqual([])
    }
    expect(await (await at(ana.client).download(name)).data?.text()).toBe('secret')
    expect((await at(ana.client).move(name, `${rui.id}/given`)).error).not.toBeNull()
    expect((await rui.client.storage.createBucket(`b-${randomUUID()}`)).error).not.toBeNull()
    expect((await rui.client.storage.listBuckets()).data).toEqual([])
  })

  test('a public bucket is read by anybody and written by nobody', async () => {
    const name = 'logo.svg'
    await adminClient().storage.from(shown).upload(name, text('<svg/>', 'image/svg+xml'))
    const { data } = anonymousClient().storage.from(shown).getPublicUrl(name)
    const response = await fetch(data.publicUrl)
    expect(await response.text()).toBe('<svg/>')
    // It is served from the app's own origin.
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const up = await anonymousClient().storage.from(shown).upload('x.svg', text('x', 'image/svg+xml'))
    expect(code(up.error)).toBe('403')
    const hidden = await fetch(
      `${stack.SUPABASE_URL}/storage/v1/object/public/${bucket}/${ana.id}/private.txt`,
    )
    expect(hidden.status).toBe(400)
  })

  test.each(['../x', 'a/../../x', '/etc/passwd', 'a//b', './x', 'a\u0000b', 'ümlaut', `${'x'.repeat(1100)}`])(
    'the name %j leads nowhere',
    async (name) => {
      const response = await fetch(
        `${stack.SUPABASE_URL}/storage/v1/object/${bucket}/${encodeURIComponent(name)}`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${stack.SUPABASE_SECRET_KEY}`,
            apikey: stack.SUPABASE_SECRET_KEY,
          },
          body: 'x',
        },
      )
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: 'InvalidKey' })
    },
  )
})

describe('links', () => {
  test('a signed link gives one object for its time, also as a download', async () => {
    const name = `${ana.id}/with space & more.txt`
    await at(ana.client).upload(name, text('linked'))
    const { data } = await at(ana.client).createSignedUrl(name, 60, { download: 'plain name.txt' })
    const url = new URL(data?.signedUrl ?? '')
    const response = await fetch(url)
    expect(await response.text()).toBe('linked')
    expect(response.headers.get('content-disposition')).toContain('plain%20name.txt')
    const elsewhere = new URL(url)
    elsewhere.pathname = elsewhere.pathname.replace('with', 'without')
    expect((await fetch(elsewhere)).status).toBe(400)
    url.searchParams.set('token', `${url.searchParams.get('token')}x`)
    expect((await fetch(url)).status).toBe(400)
    const many = await at(ana.client).createSignedUrls([name, `${ana.id}/missing`], 60)
    expect(many.data?.[0]?.error).toBeNull()
    expect(await (await fetch(many.data?.[0]?.signedUrl ?? '')).text()).toBe('linked')
    expect(many.data?.[1]).toMatchObject({ signedUrl: null })
    // A person's token is no link, and a link no person.
    const session = (await ana.client.auth.getSession()).data.session?.access_token ?? ''
    url.searchParams.set('token', session)
    expect((await fetch(url)).status).toBe(400)
  })

  test('a signed upload takes one file under its name, from whoever has the link', async () => {
    const name = `${ana.id}/by-link.txt`
    const { data, error } = await at(ana.client).createSignedUploadUrl(name)
    expect(error).toBeNull()
    const up = await at(anonymousClient()).uploadToSignedUrl(
      name,
      data?.token ?? '',
      text('sent', 'text/markdown'),
    )
    expect(up.error).toBeNull()
    const down = await at(ana.client).download(name)
    expect(await down.data?.text()).toBe('sent')
    expect(down.data?.type).toBe('text/markdown')
    const [row] =
      await sql`select owner_id from storage.objects where bucket_id = ${bucket} and name = ${name}`
    expect(row?.['owner_id']).toBe(ana.id)
    const again = await at(anonymousClient()).uploadToSignedUrl(name, data?.token ?? '', text('twice'))
    expect(code(again.error)).toBe('409')
    const other = await at(anonymousClient()).uploadToSignedUrl(
      `${ana.id}/other`,
      data?.token ?? '',
      text('x'),
    )
    expect(other.error).not.toBeNull()
  })
})

describe('folders', () => {
  test('a folder lists its files and its folders, sorted, searched and paged', async () => {
    const root = `${ana.id}/tree`
    for (const name of ['b.txt', 'a.txt', 'sub/one.txt', 'sub/deep/two.txt', 'zoo.md']) {
      await at(ana.client).upload(`${root}/${name}`, text(name))
    }
    const list = async (prefix: string, options = {}) =>
      (await at(ana.client).list(prefix, options)).data?.map(({ name, id }) =>
        id === null ? `${name}/` : name,
      )
    expect(await list(root)).toEqual(['a.txt', 'b.txt', 'sub/', 'zoo.md'])
    expect(await list(`${root}/sub`)).toEqual(['deep/', 'one.txt'])
    expect(await list(root, { sortBy: { column: 'name', order: 'desc' }, limit: 2 })).toEqual([
      'zoo.md',
      'sub/',
    ])
    expect(await list(root, { limit: 2, offset: 2 })).toEqual(['sub/', 'zoo.md'])
    expect(await list(root, { search: 'TXT' })).toEqual(['a.txt', 'b.txt'])
  })

  test('move, copy and remove act on one name, and a copy lives on its own', async () => {
    const [from, to, copy] = [`${ana.id}/m/from`, `${ana.id}/m/to`, `${ana.id}/m/copy`]
    await at(ana.client).upload(from, text('content'))
    expect((await at(ana.client).move(from, to)).error).toBeNull()
    expect((await at(ana.client).exists(from)).data).toBe(false)
    expect((await at(ana.client).copy(to, copy)).error).toBeNull()
    expect(code((await at(ana.client).copy(to, copy)).error)).toBe('409')
    const gone = await at(ana.client).remove([to, `${ana.id}/m/never`])
    expect(gone.data?.map(({ name }) => name)).toEqual([to])
    expect(await (await at(ana.client).download(copy)).data?.text()).toBe('content')
    expect(code((await at(ana.client).download(to)).error)).toBe('404')
  })

  test('a bucket is deleted once it is empty', async () => {
    const { storage } = adminClient()
    const name = `gone-${randomUUID().slice(0, 8)}`
    await storage.createBucket(name)
    expect(code((await storage.createBucket(name)).error)).toBe('409')
    await storage.from(name).upload('x', text('x'))
    expect((await storage.deleteBucket(name)).error).not.toBeNull()
    expect((await storage.emptyBucket(name)).error).toBeNull()
    expect((await storage.updateBucket(name, { public: true })).error).toBeNull()
    expect((await storage.getBucket(name)).data).toMatchObject({ public: true })
    expect((await storage.deleteBucket(name)).error).toBeNull()
    expect((await storage.getBucket(name)).error).not.toBeNull()
  })
})
