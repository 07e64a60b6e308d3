import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { Upload, type UploadOptions } from 'tus-js-client'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { ownStack } from '../harness/own-stack.ts'
import { addMember, adminClient, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { until } from '../harness/until.ts'

const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
const endpoint = `${SUPABASE_URL}/storage/v1/upload/resumable`
const mebibyte = 1024 * 1024

let ana: Person
let viewer: Person
let stranger: Person
let workspace: string

beforeAll(async () => {
  ;[ana, viewer, stranger] = await Promise.all([makePerson(), makePerson(), makePerson()])
  workspace = await makeWorkspace(ana)
  await addMember(workspace, viewer, 'viewer')
})

const tokenOf = async (person: Person) => (await person.client.auth.getSession()).data.session?.access_token
const headersOf = async (person: Person) => ({
  authorization: `Bearer ${await tokenOf(person)}`,
  apikey: SUPABASE_PUBLISHABLE_KEY,
})
const files = (person: Person) => person.client.storage.from('attachments')

const encode = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

/** A call of the protocol by hand. */
async function call(
  person: Person,
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: Uint8Array<ArrayBuffer>,
) {
  return fetch(url, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...(await headersOf(person)), ...headers },
    ...(body ? { body } : {}),
  })
}

async function announce(person: Person, name: string, length: number, headers: Record<string, string> = {}) {
  const response = await call(person, 'POST', endpoint, {
    'upload-length': String(length),
    'upload-metadata': encode({ bucketName: 'attachments', objectName: name, contentType: 'image/png' }),
    ...headers,
  })
  return { status: response.status, url: new URL(response.headers.get('location') ?? '', endpoint).href }
}

const add = (person: Person, url: string, at: number, body: Uint8Array<ArrayBuffer>) =>
  call(
    person,
    'PATCH',
    url,
    { 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' },
    body,
  )

const offsetOf = async (person: Person, url: string) =>
  Number((await call(person, 'HEAD', url)).headers.get('upload-offset'))

/** tus-js-client as the documentation of Supabase uses it. */
async function upload(person: Person, name: string, bytes: Buffer, options: Partial<UploadOptions> = {}) {
  const headers = await headersOf(person)
  return new Promise<Upload>((resolve, reject) => {
    const started = new Upload(bytes, {
      endpoint,
      headers,
      retryDelays: null,
      uploadDataDuringCreation: true,
      chunkSize: 6 * mebibyte,
      metadata: {
        bucketName: 'attachments',
        objectName: name,
        contentType: 'image/png',
        cacheControl: '3600',
      },
      onError: reject,
      onSuccess: () => resolve(started),
      ...options,
    })
    started.start()
  })
}

const name = () => `${workspace}/${randomUUID()}`

describe('with tus-js-client', () => {
  test.each([true, false])(
    'a file of several chunks arrives whole; first bytes with the creation: %s',
    async (first) => {
      const path = name()
      const bytes = randomBytes(13 * mebibyte)
      await upload(ana, path, bytes, { uploadDataDuringCreation: first })
      const { data } = await files(ana).download(path)
      expect(data?.type).toBe('image/png')
      expect(Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer()).equals(bytes)).toBe(true)
      expect((await files(ana).info(path)).data).toMatchObject({
        size: bytes.length,
        cacheControl: 'max-age=3600',
      })
    },
  )

  test('an upload that was stopped goes on where it was, from another process', async () => {
    const path = name()
    const bytes = randomBytes(8 * mebibyte)
    const headers = await headersOf(ana)
    const stopped = await new Promise<Upload>((resolve, reject) => {
      const one = new Upload(bytes, {
        endpoint,
        headers,
        chunkSize: 2 * mebibyte,
        retryDelays: null,
        metadata: { bucketName: 'attachments', objectName: path, contentType: 'image/png' },
        onChunkComplete: (_size, accepted) => {
          if (accepted < 4 * mebibyte) return
          void one.abort()
          resolve(one)
        },
        onError: reject,
      })
      one.start()
    })
    const sent: number[] = []
    await upload(ana, path, bytes, { uploadUrl: stopped.url, onProgress: (so) => void sent.push(so) })
    expect(sent[0]).toBeGreaterThanOrEqual(4 * mebibyte)
    const { data } = await files(ana).download(path)
    expect(Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer()).equals(bytes)).toBe(true)
  })

  test('an empty file is a file; a taken name is refused, and replaced when asked for', async () => {
    const path = name()
    await upload(ana, path, Buffer.alloc(0))
    expect((await files(ana).download(path)).data?.size).toBe(0)
    await expect(upload(ana, path, Buffer.from('again'))).rejects.toThrow(/409/)
    const headers = { ...(await headersOf(ana)), 'x-upsert': 'true' }
    await upload(ana, path, Buffer.from('again'), { headers })
    expect(await (await files(ana).download(path)).data?.text()).toBe('again')
  })

  test('a file larger than its bucket takes is refused before it is sent', async () => {
    expect((await announce(ana, name(), 200 * mebibyte)).status).toBe(413)
  })
})

describe('a line that breaks', () => {
  test('in the middle of a chunk keeps what arrived', async () => {
    const path = name()
    const bytes = new Uint8Array(randomBytes(3 * mebibyte))
    const { url } = await announce(ana, path, bytes.length)
    const cut = httpRequest(url, {
      method: 'PATCH',
      headers: {
        ...(await headersOf(ana)),
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': String(bytes.length),
      },
    })
    cut.on('error', () => {})
    const closed = once(cut, 'close')
    await new Promise((resolve) => cut.write(bytes.subarray(0, mebibyte), resolve))
    cut.socket?.end()
    await closed
    const size = await until(
      () => offsetOf(ana, url),
      (offset) => offset > 0,
    )
    expect(size).toBeLessThanOrEqual(mebibyte)
    const rest = await add(ana, url, size, bytes.subarray(size))
    expect(rest.status).toBe(204)
    const { data } = await files(ana).download(path)
    expect(new Uint8Array((await data?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes)
  })

  test('and is not noticed dead does not keep the device that is back waiting', async () => {
    const bytes = new Uint8Array(randomBytes(mebibyte))
    const { url } = await announce(ana, name(), bytes.length)
    const silent = httpRequest(url, {
      method: 'PATCH',
      headers: {
        ...(await headersOf(ana)),
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': String(bytes.length),
      },
    })
    silent.on('error', () => {})
    // Sends a little, and then nothing more, on a line that stays open.
    await new Promise((resolve) => silent.write(bytes.subarray(0, 1000), resolve))
    const at = await offsetOf(ana, url)
    expect((await add(ana, url, at, bytes.subarray(at))).status).toBe(204)
    expect(await offsetOf(ana, url)).toBe(bytes.length)
    silent.destroy()
  })

  test('after the last byte: who missed the answer hears that all is there', async () => {
    const { url } = await announce(ana, name(), 3)
    await add(ana, url, 0, new Uint8Array(3))
    expect(await offsetOf(ana, url)).toBe(3)
    expect((await add(ana, url, 3, new Uint8Array(0))).status).toBe(204)
  })

  test('two at one offset at once give one whole file', async () => {
    const path = name()
    const bytes = new Uint8Array(randomBytes(mebibyte))
    const { url } = await announce(ana, path, bytes.length)
    await Promise.all([add(ana, url, 0, bytes), add(ana, url, 0, bytes)].map((one) => one.catch(() => null)))
    // The one that was stopped has its line closed under it.
    const at = await until(
      () => offsetOf(ana, url).catch(() => null),
      (offset) => offset !== null,
    )
    if (at !== null && at < bytes.length) await add(ana, url, at, bytes.subarray(at))
    const { data } = await files(ana).download(path)
    expect(new Uint8Array((await data?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(bytes)
  })

  test('a server that starts anew knows how far an upload was', async () => {
    const own = await ownStack()
    const { dataDir, stack } = own
    const { port } = new URL(stack.url)
    const metadata = encode({ bucketName: 'mine', objectName: 'a.png' })
    const headers = { apikey: stack.secretKey, 'tus-resumable': '1.0.0' }
    const octets = { ...headers, 'content-type': 'application/offset+octet-stream' }
    const bucket = await fetch(`${stack.url}/storage/v1/bucket`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'mine', name: 'mine' }),
    })
    expect(bucket.ok).toBe(true)
    const made = await fetch(`${stack.url}/storage/v1/upload/resumable`, {
      method: 'POST',
      headers: { ...octets, 'upload-length': '6', 'upload-metadata': metadata },
      body: 'abc',
    })
    const path = made.headers.get('location') ?? ''
    await stack.stop()
    const again = await ownStack({ dataDir, port: Number(port) })
    const url = `${again.stack.url}${path}`
    expect((await fetch(url, { method: 'HEAD', headers })).headers.get('upload-offset')).toBe('3')
    await fetch(url, { method: 'PATCH', headers: { ...octets, 'upload-offset': '3' }, body: 'def' })
    const whole = await fetch(`${again.stack.url}/storage/v1/object/mine/a.png`, { headers })
    expect(await whole.text()).toBe('abcdef')
    await again.dispose()
    await own.dispose()
  })
})

describe('policies decide', () => {
  test('a viewer and a stranger may neither begin an upload nor go on with one', async () => {
    const path = name()
    for (const person of [viewer, stranger]) expect((await announce(person, path, 3)).status).toBe(403)
    const { url } = await announce(ana, path, 3)
    for (const person of [viewer, stranger]) {
      expect((await add(person, url, 0, new Uint8Array(3))).status).toBe(403)
      expect((await call(person, 'DELETE', url)).status).toBe(403)
    }
    expect((await files(ana).exists(path)).data).toBe(false)
    expect((await call(ana, 'DELETE', url)).status).toBe(204)
    expect((await call(ana, 'HEAD', url)).status).toBe(404)
  })

  test('who lost the right meanwhile does not finish', async () => {
    const gone = await makePerson()
    await addMember(workspace, gone, 'agent')
    const { url } = await announce(gone, name(), 3)
    await adminClient().from('memberships').delete().match({ workspace_id: workspace, user_id: gone.id })
    expect((await add(gone, url, 0, new Uint8Array(3))).status).toBe(403)
  })
})

describe('what the protocol refuses', () => {
  test.each<[string, number, (url: string) => Promise<Response>]>([
    ['another version', 412, (url) => call(ana, 'HEAD', url, { 'tus-resumable': '0.2.2' })],
    ['bytes under another type', 415, (url) => call(ana, 'PATCH', url, { 'upload-offset': '0' })],
    ['another offset', 409, (url) => add(ana, url, 2, new Uint8Array(1))],
    ['more than was announced', 413, (url) => add(ana, url, 0, new Uint8Array(9))],
    ['an upload that is none', 404, () => call(ana, 'HEAD', `${endpoint}/bm9uZQ`)],
    ['a length that is none', 400, () => call(ana, 'POST', endpoint, { 'upload-length': 'x' })],
  ])('%s: %d', async (_what, status, ask) => {
    const { url } = await announce(ana, name(), 3)
    expect((await ask(url)).status).toBe(status)
  })

  test('a browser of another origin may read what it needs', async () => {
    const preflight = await fetch(endpoint, {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'PATCH', origin: 'https://elsewhere.example' },
    })
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    const offers = await fetch(endpoint, { method: 'OPTIONS' })
    expect(offers.headers.get('tus-extension')).toContain('creation-with-upload')
    expect(offers.headers.get('access-control-expose-headers')).toContain('upload-offset')
  })
})
