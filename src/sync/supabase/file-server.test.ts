import type { SupabaseClient } from '@supabase/supabase-js'
import { describe, expect, test } from 'vitest'
import { makeVirtualClock } from '../testing/virtual-clock.ts'
import { makeFileServer } from './file-server.ts'

const { signal } = new AbortController()
const sha256 = 'a'.repeat(64)
const address = 'https://project.example/storage/v1/upload/resumable/one'

interface Sent {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
}

function serverOf({
  answer,
  session = { access_token: 'of ana', user: { id: 'ana' } },
  rpc = { data: null, error: null, status: 200 },
}: {
  answer?: () => Response
  session?: object | null
  rpc?: object
}) {
  const sent: Sent[] = []
  const clock = makeVirtualClock()
  const client = {
    auth: { getSession: async () => ({ data: { session }, error: null }) },
    rpc: () => ({ setHeader: () => ({ abortSignal: async () => rpc }) }),
  } as unknown as Pick<SupabaseClient, 'rpc' | 'auth'>
  const respond = async (url: string, { method, headers }: Omit<Sent, 'url'>) => {
    sent.push({ url, method, headers })
    return answer ? answer() : new Promise<never>(() => {})
  }
  const server = makeFileServer({
    client,
    personId: 'ana',
    url: 'https://project.example',
    publishableKey: 'key',
    clock,
    fetch: (async (url: string, init: Omit<Sent, 'url'>) => respond(url, init)) as typeof fetch,
    sendBytes: respond,
  })
  return { server, sent, clock }
}

const append = ({ server }: ReturnType<typeof serverOf>) =>
  server.append(address, 0, new Uint8Array(1), signal, () => {})
const tus = { 'tus-resumable': '1.0.0' }
const json = (status: number, body: object) => () => Response.json(body, { status })

describe('a failure of the upload', () => {
  test.each([
    [403, tus, 'refused'],
    [409, tus, 'moved'],
    [410, tus, 'gone'],
    [404, tus, 'gone'],
    [413, tus, 'too-large'],
    [415, tus, 'rejected'],
    [423, tus, 'busy'],
    [429, tus, 'busy'],
    [503, tus, 'busy'],
    // [C7] What stands between is not the server: nothing it says is said of the file.
    [403, {}, 'busy'],
    [404, {}, 'busy'],
    [413, {}, 'too-large'],
  ])('[F7] %d %j is %s', async (status, headers, reason) => {
    const answer = () => new Response('no', { status, headers: { ...headers } })
    await expect(append(serverOf({ answer }))).rejects.toMatchObject({ name: 'FileServerError', reason })
  })

  test('[F7] a token that is no good any more is not a file that is refused', async () => {
    const answer = () => new Response('"exp" claim: jwt expired', { status: 403, headers: tus })
    await expect(append(serverOf({ answer }))).rejects.toMatchObject({ reason: 'unauthorised' })
  })

  test('[F7] a pause that is named is kept', async () => {
    const answer = () => new Response('', { status: 429, headers: { ...tus, 'retry-after': '90' } })
    await expect(append(serverOf({ answer }))).rejects.toMatchObject({ reason: 'busy', retryAfter: 90_000 })
  })

  test('[F5] a name that is taken when an upload begins is another thing than an offset that moved', async () => {
    const { server } = serverOf({ answer: () => new Response('', { status: 409, headers: tus }) })
    const upload = { workspace: 'w', sha256, bytes: 1, type: 'image/png', replace: false }
    await expect(server.begin(upload, signal)).rejects.toMatchObject({ reason: 'taken' })
  })

  test('an answer without an offset is not this server’s', async () => {
    const answering = serverOf({ answer: () => new Response('Welcome to the hotel') })
    await expect(append(answering)).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(answering.server.offset(address, signal)).rejects.toMatchObject({ reason: 'unreachable' })
  })

  test('an answer that never comes is given up', async () => {
    const { server, clock } = serverOf({})
    const asked = server.offset(address, signal).catch((error: unknown) => error)
    await clock.advance(31_000)
    expect(await asked).toMatchObject({ reason: 'unreachable' })
  })
})

describe('[D6] files of one person', () => {
  test.each([
    ['another person signed in on this device', { access_token: 'of bruno', user: { id: 'bruno' } }],
    ['nobody is signed in', null],
  ])('are neither sent nor asked for once %s', async (_what, session) => {
    const answering = serverOf({ session, answer: () => new Response() })
    const unauthorised = { reason: 'unauthorised' }
    await expect(append(answering)).rejects.toMatchObject(unauthorised)
    await expect(answering.server.sizes('w', [sha256], signal)).rejects.toMatchObject(unauthorised)
    await expect(answering.server.download('w', sha256, signal)).rejects.toMatchObject(unauthorised)
    expect(answering.sent).toEqual([])
  })
})

test('[F4] an upload says what hosted Supabase wants to know, and no name that a person gave', async () => {
  const headers = { ...tus, location: '/storage/v1/upload/resumable/one' }
  const { server, sent } = serverOf({ answer: () => new Response(null, { status: 201, headers }) })
  const upload = { workspace: 'w', sha256, bytes: 7, type: 'image/png', replace: true }
  expect(await server.begin(upload, signal)).toBe(address)
  const said = Object.fromEntries(
    (sent[0]?.headers['upload-metadata'] ?? '').split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(' ')
      return [key, atob(value)]
    }),
  )
  expect(said).toEqual({
    bucketName: 'attachments',
    objectName: `w/${sha256}`,
    contentType: 'image/png',
    cacheControl: '31536000',
  })
  expect(sent[0]?.headers).toMatchObject({
    ...tus,
    'upload-length': '7',
    'x-upsert': 'true',
    authorization: 'Bearer of ana',
  })
})

describe('sizes', () => {
  test('[F5] [A6] are read as they are meant, and what is neither is left out', async () => {
    const data = { sizes: { a: 3, b: 'leaving', c: 'soon', d: null } }
    const { server } = serverOf({ rpc: { data, error: null, status: 200 } })
    expect([...(await server.sizes('w', ['a'], signal))]).toEqual([
      ['a', 3],
      ['b', 'leaving'],
    ])
  })

  test.each([
    [403, 'PT403', 'refused'],
    [500, 'XX000', 'busy'],
    [0, '', 'unreachable'],
    [401, '', 'busy'],
  ])('[F7] that are refused with %d %s are %s', async (status, code, reason) => {
    const { server } = serverOf({ rpc: { data: null, error: { code, message: 'no' }, status } })
    await expect(server.sizes('w', ['a'], signal)).rejects.toMatchObject({ reason })
  })

  test.each([[null], ['<html>'], [{ sizes: 1 }]])('of something else are no answer: %j', async (data) => {
    const { server } = serverOf({ rpc: { data, error: null, status: 200 } })
    await expect(server.sizes('w', ['a'], signal)).rejects.toMatchObject({ reason: 'unreachable' })
  })
})

test.each([
  ['404', 'gone'],
  ['403', 'refused'],
])('[F10] a download that Storage refuses under HTTP 400 with %s is %s', async (statusCode, reason) => {
  const answer = json(400, { statusCode, error: 'not_found', message: 'no' })
  const { server } = serverOf({ answer })
  await expect(server.download('w', sha256, signal)).rejects.toMatchObject({ reason })
})
