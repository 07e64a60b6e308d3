import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox, subscribe } from './testing/inbox.ts'
import { keys, personToken, startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startTestEndpoint({ limits: { silenceMs: 400 } })
}, 60_000)
afterAll(() => endpoint.stop())

const ok = { status: 'ok', response: {} }

describe('the wire', () => {
  test('[W1] what opens a socket and what does not', async () => {
    const opens = async (query: Record<string, string>) => {
      const socket = await RawSocket.open(endpoint.url, query)
      socket.socket.close()
    }
    await opens({ apikey: keys.publishableKey })
    await opens({ apikey: keys.secretKey })
    await opens({ apikey: personToken() })
    await expect(opens({ apikey: '' })).rejects.toThrow('HTTP 401')
    await expect(opens({ apikey: 'sb_publishable_other' })).rejects.toThrow('HTTP 401')
    await expect(opens({ apikey: personToken({ exp: 1 }) })).rejects.toThrow('HTTP 401')
    await expect(opens({ vsn: '3.0.0' })).rejects.toThrow('HTTP 400')
  })

  test('[T1] a socket opened with a token joins as that person', async () => {
    await endpoint.sql`create policy only_signed_in on realtime.messages for select to authenticated using (true)`
    const socket = await RawSocket.open(endpoint.url, { apikey: personToken() })
    expect((await socket.join('mine', { private: true })).payload['status']).toBe('ok')
    const anonymous = await RawSocket.open(endpoint.url)
    expect((await anonymous.join('mine', { private: true })).payload['status']).toBe('error')
    socket.socket.close()
    anonymous.socket.close()
  })

  test('[W3] 1.0.0: a join, a broadcast and a heartbeat in objects', async () => {
    const socket = await RawSocket.open(endpoint.url, { vsn: '1.0.0' })
    const say = (frame: Record<string, unknown>) => socket.socket.send(JSON.stringify(frame))
    say({
      topic: 'realtime:old',
      event: 'phx_join',
      ref: '1',
      join_ref: '1',
      payload: { config: { broadcast: { self: true } } },
    })
    await socket.frames.first((frame) => frame.ref === '1' && frame.payload['status'] === 'ok')
    const payload = { type: 'broadcast', event: 'e', payload: { a: 1 } }
    say({ topic: 'realtime:old', event: 'broadcast', ref: '2', join_ref: '1', payload })
    expect((await socket.frames.first((frame) => frame.event === 'broadcast')).payload).toEqual(payload)
    say({ topic: 'phoenix', event: 'heartbeat', ref: '3', payload: {} })
    expect((await socket.frames.first((frame) => frame.ref === '3')).payload).toEqual(ok)
    socket.socket.close()
  })

  const malformed: [string, string | Buffer][] = [
    ['no JSON', '{"topic":'],
    ['no array', '{"topic":"realtime:a","event":"phx_join"}'],
    ['too few', '[1,2,3]'],
    ['no topic', '[null,"1",null,"phx_join",{}]'],
    ['a ref that is an object', '[{},"1","realtime:a","phx_join",{}]'],
    ['empty bytes', Buffer.alloc(0)],
    ['another kind of bytes', Buffer.from([9, 0, 0, 0, 0, 0, 0])],
    ['a header longer than its frame', Buffer.from([3, 1, 1, 255, 4, 0, 1, 49])],
    ['an unknown encoding', Buffer.from([3, 0, 0, 1, 1, 0, 7, 97, 98])],
    ['strings that are not UTF-8', Buffer.from([3, 0, 0, 1, 1, 0, 0, 255, 254])],
    ['JSON that is not', Buffer.concat([Buffer.from([3, 0, 0, 1, 1, 0, 1, 97, 98]), Buffer.from('{"a":')])],
  ]
  test.each(malformed)('[W6] %s closes its own socket and nothing else', async (_what, frame) => {
    const witness = await RawSocket.open(endpoint.url)
    const socket = await RawSocket.open(endpoint.url)
    socket.socket.send(frame)
    expect((await socket.closed.count(1))[0]).toMatchObject({ code: 1007 })
    expect((await witness.call('phoenix', 'heartbeat', {})).payload).toEqual(ok)
    witness.socket.close()
  })

  test('[W6] frames that are well formed and absurd are answered or passed over', async () => {
    const socket = await RawSocket.open(endpoint.url)
    for (const payload of [
      null,
      7,
      'text',
      [],
      { config: 7 },
      { config: { broadcast: [], presence: 1, postgres_changes: {} } },
    ]) {
      expect((await socket.call('realtime:odd', 'phx_join', payload)).payload['status']).toBe('ok')
    }
    for (const payload of [null, 7, [], { event: 7 }, { event: 'track', payload: null }]) {
      socket.push('realtime:odd', 'broadcast', payload)
      socket.push('realtime:odd', 'access_token', payload)
      socket.push('realtime:odd', 'unheard of', payload)
    }
    socket.push('realtime:odd', 'presence', null)
    expect((await socket.call('phoenix', 'heartbeat', null)).payload).toEqual(ok)
    expect((await socket.call('realtime:odd', 'presence', { event: '__proto__' })).payload['status']).toBe(
      'error',
    )
    socket.socket.close()
  })

  test.each(['//', '/realtime/v1/websocket?%', '/realtime/v1/websocket?vsn=2.0.0&vsn=%ff', '*'])(
    '[W1] an upgrade of %s is refused',
    async (target) => {
      const { port, hostname } = new URL(endpoint.url)
      const raw = connect(Number(port), hostname)
      raw.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n`)
      const answer = await new Promise<Buffer>((resolve) => raw.once('data', resolve))
      expect(answer.toString()).toMatch(/^HTTP\/1.1 40[01] /)
      raw.destroy()
    },
  )

  test('[W6] a socket that breaks off in the handshake or mid frame', async () => {
    const { port, hostname } = new URL(endpoint.url)
    const raw = connect(Number(port), hostname)
    raw.write(
      `GET /realtime/v1/websocket?apikey=${keys.publishableKey}&vsn=2.0.0 HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n`,
    )
    raw.write(
      'connection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await new Promise((resolve) => raw.once('data', resolve))
    raw.write(Buffer.from([0x81, 0xfe, 0x10]))
    raw.resetAndDestroy()
    const socket = await RawSocket.open(endpoint.url)
    expect((await socket.call('phoenix', 'heartbeat', {})).payload).toEqual(ok)
    socket.socket.close()
  })

  test('[W7] a silent socket is cut, one that sends heartbeats is not', async () => {
    const silent = await RawSocket.open(endpoint.url)
    const alive = await RawSocket.open(endpoint.url)
    const beats = setInterval(() => alive.push('phoenix', 'heartbeat', {}), 100)
    await silent.closed.count(1)
    expect(alive.closed.all).toEqual([])
    clearInterval(beats)
    alive.socket.close()
  })
})

describe('channels', () => {
  test('[C2] no name, a foreign topic, a topic that is not joined', async () => {
    const socket = await RawSocket.open(endpoint.url)
    expect((await socket.join('')).payload['response']).toEqual({
      reason: 'TopicNameRequired: You must provide a topic name',
    })
    expect((await socket.call('other:a', 'phx_join', {})).payload['response']).toEqual({
      reason: 'unmatched topic',
    })
    expect((await socket.call('realtime:a', 'broadcast', {})).payload['response']).toEqual({
      reason: 'unmatched topic',
    })
    expect((await socket.call('realtime:a', 'phx_leave', {})).payload).toEqual(ok)
    socket.socket.close()
  })

  test('[C3] a second join closes the first; [C4] a late leave of the first does not close the second', async () => {
    const socket = await RawSocket.open(endpoint.url)
    const first = await socket.call('realtime:twice', 'phx_join', {}, '1')
    const second = await socket.call('realtime:twice', 'phx_join', {}, '2')
    expect([first.payload['status'], second.payload['status']]).toEqual(['ok', 'ok'])
    const closed = await socket.frames.first((frame) => frame.event === 'phx_close')
    expect(closed).toMatchObject({ joinRef: '1', ref: '1' })
    await socket.call('realtime:twice', 'phx_leave', {}, '1')
    expect((await socket.call('realtime:twice', 'presence', { event: 'untrack' }, '2')).payload).toEqual(ok)
    await socket.call('realtime:twice', 'phx_leave', {}, '2')
    await socket.frames.first((frame) => frame.event === 'phx_close' && frame.joinRef === '2')
    socket.socket.close()
  })

  test('[C1] frames sent right behind a join stand in line behind it', async () => {
    const socket = await RawSocket.open(endpoint.url, { apikey: keys.secretKey })
    socket.push('realtime:fast', 'phx_join', { config: { private: true, broadcast: { ack: true } } }, '1')
    const ref = socket.push('realtime:fast', 'broadcast', { type: 'broadcast', event: 'e', payload: {} }, '1')
    expect((await socket.frames.first((frame) => frame.ref === ref)).payload).toEqual(ok)
    socket.socket.close()
  })

  test('[C4] unsubscribe and subscribe again with supabase-js', async () => {
    const client = endpoint.client()
    const { channel, statuses } = await subscribe(client.channel('again'))
    expect(await channel.unsubscribe()).toBe('ok')
    await statuses.until((all) => all.at(-1)?.status === 'CLOSED')
    const heard = new Inbox<unknown>()
    const next = client.channel('again', { config: { broadcast: { self: true } } })
    await subscribe(next.on('broadcast', { event: 'e' }, heard.put))
    await next.send({ type: 'broadcast', event: 'e', payload: {} })
    await heard.count(1)
  })
})
