import { createClient } from '@supabase/supabase-js'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { makeBareClient } from '../supabase/bare-client.ts'
import { makeSession, tokenOf } from '../supabase/session.ts'
import { makeFetchInTurn, type Turns } from './renewal.ts'
import { makeTokenStore, type SharedTokenStore, type TokenStore } from './token-store.ts'

const url = 'http://tideline.test'
const key = 'tideline.auth'
const now = () => Math.round(Date.now() / 1_000)

/** The auth server, which takes each refresh token once. */
let living: string
let renewals: number
let stolen: number
let answer: () => Promise<Response | null>
let tokens: SharedTokenStore
let turns: Turns

const sessionWith = (refresh_token: string, expires_in: number, id = 'ana') => ({
  access_token: `access for ${refresh_token}`,
  token_type: 'bearer',
  refresh_token,
  expires_in,
  expires_at: now() + expires_in,
  user: { id, aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '' },
})

const server: typeof fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : String(input)
  if (!address.includes('grant_type=refresh_token')) return Response.json({})
  renewals++
  const { refresh_token } = JSON.parse(String(init?.body)) as { refresh_token: string }
  const instead = await answer()
  if (instead) return instead
  if (refresh_token !== living) {
    stolen++
    return Response.json({ error_code: 'refresh_token_already_used' }, { status: 400 })
  }
  living = `refresh ${renewals + 1}`
  return Response.json(sessionWith(living, 3_600))
}

/** Web Locks of one name, in the order of asking. */
function makeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  const request = (_name: string, _options: unknown, run: () => Promise<unknown>) => {
    const mine = last.then(run)
    last = mine.catch(() => {})
    return mine
  }
  return { request } as unknown as Turns
}

function tab(store: TokenStore = tokens) {
  return createClient(url, 'sb_publishable_x', {
    auth: { storage: store, storageKey: key, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
    global: { fetch: makeFetchInTurn({ turns, tokens: store, key }, server) },
  })
}

const worker = () =>
  makeBareClient({
    url,
    publishableKey: 'sb_publishable_x',
    tokens,
    key,
    turns,
    fetch: server,
    now: Date.now,
  })

const held = async () => JSON.parse((await tokens.getItem(key)) ?? 'null') as { refresh_token: string } | null

beforeEach(async () => {
  living = 'refresh 1'
  renewals = 0
  stolen = 0
  answer = async () => null
  const database = new IDBFactory()
  tokens = makeTokenStore(database)
  turns = makeTurns()
  await tokens.setItem(key, JSON.stringify(sessionWith(living, -60)))
})

describe('[K6] one session that tabs and the worker renew', () => {
  test('all at once is renewed once, and everybody has the new token', async () => {
    const [one, two] = [tab(), tab()]
    const renewed = await Promise.all([
      tokenOf(one, 'ana'),
      worker().sessionOf('ana').renew(false),
      tokenOf(two, 'ana'),
      worker().sessionOf('ana').renew(false),
    ])
    expect(renewed).toEqual(['access for refresh 2', 'ready', 'access for refresh 2', 'ready'])
    expect([renewals, stolen]).toEqual([1, 0])
    expect(await held()).toMatchObject({ refresh_token: 'refresh 2' })
  })

  test('by the worker is found by a tab that knew the old one, and again the other way round', async () => {
    const one = tab()
    expect(await worker().sessionOf('ana').renew(false)).toBe('ready')
    expect(await tokenOf(one, 'ana')).toBe('access for refresh 2')
    // Who asks while one is under way gets that one's answer.
    while ((await held())?.refresh_token === 'refresh 2')
      expect(await makeSession(one, 'ana').renew(true)).toBe('ready')
    expect(living).toBe('refresh 3')
    expect(await worker().sessionOf('ana').renew(false)).toBe('ready')
    expect([renewals, stolen]).toEqual([2, 0])
  })

  test('[C7] by force in two tabs at once signs nobody out', async () => {
    await tokens.setItem(key, JSON.stringify(sessionWith(living, 3_600)))
    const states = await Promise.all([tab(), tab()].map((client) => makeSession(client, 'ana').renew(true)))
    expect(states).toEqual(['ready', 'ready'])
    expect(stolen).toBe(0)
  })

  test('that the person ends while the worker renews it stays ended', async () => {
    answer = async () => {
      await tokens.removeItem(key)
      return null
    }
    expect(await worker().sessionOf('ana').renew(false)).toBe('signed-out')
    expect(await held()).toBeNull()
  })

  test('nor comes back when it is ended at whatever moment of being stored', async () => {
    const ticks = async (count: number) => {
      for (let n = 0; n < count; n++) await new Promise(setImmediate)
    }
    for (let moment = 0; moment < 20; moment++) {
      await tokens.setItem(key, JSON.stringify(sessionWith(living, -60)))
      let ended = Promise.resolve()
      answer = async () => {
        ended = ticks(moment).then(() => tokens.removeItem(key))
        return null
      }
      await worker().sessionOf('ana').renew(false)
      await ended
      expect(await held()).toBeNull()
    }
  })

  test.each([
    ['the auth server’s definite no', 400, '{"error_code":"refresh_token_not_found"}', 'signed-out'],
    ['[C7] a portal', 403, '<html>', 'unreachable'],
    ['[C7] a server that is down', 503, '{"error_code":"refresh_token_not_found"}', 'unreachable'],
    ['something else that says yes', 200, '<html>', 'unreachable'],
    ['somebody else’s session', 200, JSON.stringify(sessionWith('x', 60, 'bruno')), 'unreachable'],
  ])('answered by %s: the worker is %s, and the session stays for the tab to find out', async (...row) => {
    const [, status, body, expected] = row
    answer = async () => new Response(body, { status })
    expect(await worker().sessionOf('ana').renew(false)).toBe(expected)
    expect(await held()).toMatchObject({ refresh_token: 'refresh 1' })
  })

  test('with a network that is away is tried again, not ended', async () => {
    answer = () => Promise.reject(new TypeError('failed to fetch'))
    expect(await worker().sessionOf('ana').renew(false)).toBe('unreachable')
    expect(await held()).toMatchObject({ refresh_token: 'refresh 1' })
  })

  test('[D6] is nobody else’s', async () => {
    expect(await worker().person()).toBe('ana')
    expect(await worker().sessionOf('bruno').renew(false)).toBe('signed-out')
    expect(renewals).toBe(0)
    await expect(worker().logOf('bruno').push([], AbortSignal.timeout(1_000))).rejects.toMatchObject({
      reason: 'unauthorised',
    })
  })

  test('where Web Locks are missing, or a turn never comes, goes on without', async () => {
    for (const none of [
      undefined,
      { request: () => Promise.reject(new DOMException('given up', 'TimeoutError')) } as unknown as Turns,
    ]) {
      living = 'refresh 1'
      await tokens.setItem(key, JSON.stringify(sessionWith(living, -60)))
      turns = none as Turns
      expect(await worker().sessionOf('ana').renew(false)).toBe('ready')
    }
  })

  test('that is no session of ours counts as nobody', async () => {
    for (const text of ['', '{', 'null', '[]', '{"user":{}}', '{"access_token":1,"user":{"id":"ana"}}']) {
      await tokens.setItem(key, text)
      expect(await worker().person()).toBeNull()
    }
  })
})

test('a wrong password waits for no turn', async () => {
  turns = { request: vi.fn() } as unknown as Turns
  await makeFetchInTurn({ turns, tokens, key }, server)(`${url}/auth/v1/token?grant_type=password`)
  expect(turns.request).not.toHaveBeenCalled()
})
