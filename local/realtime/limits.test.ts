import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Limits, RateMeter } from './limits.ts'
import { startDatabase, type TestDatabase } from './testing/database.ts'
import { keys, startEndpointOn, type TestEndpoint } from './testing/endpoint.ts'
import { installRealtimeSchema } from './index.ts'
import { RawSocket } from './testing/raw-socket.ts'

let database: TestDatabase
const started: TestEndpoint[] = []
beforeAll(async () => {
  database = await startDatabase()
  await installRealtimeSchema(database.sql)
}, 60_000)
afterAll(async () => {
  for (const endpoint of started) await endpoint.stop()
  await database.stop()
})

async function limited(limits: Partial<Limits>): Promise<TestEndpoint> {
  const endpoint = await startEndpointOn(database, { limits })
  started.push(endpoint)
  return endpoint
}

const system = (socket: RawSocket) => socket.frames.first((frame) => frame.event === 'system')
const message = { type: 'broadcast', event: 'e', payload: {} }

describe('limits', () => {
  test('[L1] the hundred and first channel of a socket', async () => {
    const socket = await RawSocket.open((await limited({})).url)
    for (let n = 0; n < 100; n += 1) expect((await socket.join(`room ${n}`)).payload['status']).toBe('ok')
    expect((await socket.join('one more')).payload['response']).toEqual({
      reason: 'ChannelRateLimitReached: Too many channels',
    })
    await socket.call('realtime:room 0', 'phx_leave', {})
    expect((await socket.join('one more')).payload['status']).toBe('ok')
    socket.socket.close()
  })

  test('[L1] joins asked for at once do not slip past the limit', async () => {
    const socket = await RawSocket.open((await limited({ channelsPerClient: 3 })).url, {
      apikey: keys.secretKey,
    })
    const joins = Array.from({ length: 8 }, (_, n) => socket.join(`room ${n}`, { private: true }))
    const statuses = (await Promise.all(joins)).map((reply) => reply.payload['status'])
    expect(statuses.filter((status) => status === 'ok')).toHaveLength(3)
    socket.socket.close()
  })

  test('[L2] too many joins per second are refused and the socket is closed', async () => {
    const socket = await RawSocket.open((await limited({ joinsPerSecond: 2, rateWindowSeconds: 10 })).url)
    for (let n = 0; n < 20; n += 1) expect((await socket.join(`room ${n}`)).payload['status']).toBe('ok')
    expect((await socket.join('one more')).payload['response']).toEqual({
      reason: 'ClientJoinRateLimitReached: Too many joins per second',
    })
    await socket.closed.count(1)
  })

  test('[L3] too many messages close the channel, and REST says 429', async () => {
    const endpoint = await limited({ eventsPerSecond: 5, rateWindowSeconds: 10 })
    const socket = await RawSocket.open(endpoint.url)
    await socket.join('busy')
    for (let n = 0; n < 60; n += 1) socket.push('realtime:busy', 'broadcast', message)
    expect((await system(socket)).payload).toMatchObject({
      message: 'Too many messages per second',
      channel: 'busy',
    })
    await socket.frames.first((frame) => frame.event === 'phx_close')
    const post = (count: number) =>
      fetch(`${endpoint.url}/realtime/v1/api/broadcast`, {
        method: 'POST',
        headers: { apikey: keys.publishableKey, 'content-type': 'application/json' },
        body: JSON.stringify({
          messages: Array.from({ length: count }, () => ({ ...message, topic: 'busy' })),
        }),
      })
    const answer = await post(1)
    expect([answer.status, await answer.json()]).toEqual([
      429,
      { message: 'You have exceeded your rate limit' },
    ])
    socket.socket.close()
  })

  test('[L4] the sixth presence call within its window closes the channel', async () => {
    const socket = await RawSocket.open((await limited({})).url)
    await socket.join('faces')
    for (let n = 0; n < 5; n += 1) {
      const reply = await socket.call('realtime:faces', 'presence', { event: 'track', payload: { n } })
      expect(reply.payload['status']).toBe('ok')
    }
    socket.push('realtime:faces', 'presence', { event: 'untrack' })
    expect((await system(socket)).payload['message']).toBe('Client presence rate limit exceeded')
    socket.socket.close()
  })

  test('[L4] too many presence events of everybody together', async () => {
    const endpoint = await limited({ presenceEventsPerSecond: 1, rateWindowSeconds: 3 })
    const socket = await RawSocket.open(endpoint.url)
    for (let n = 0; n < 4; n += 1) await socket.join(`faces ${n}`)
    expect((await system(socket)).payload['message']).toBe('Too many presence messages per second')
    socket.socket.close()
  })

  test('[L5] one socket too many', async () => {
    const endpoint = await limited({ connections: 1 })
    const socket = await RawSocket.open(endpoint.url)
    await expect(RawSocket.open(endpoint.url)).rejects.toThrow('HTTP 429')
    socket.socket.close()
    await socket.closed.count(1)
  })

  test('[B4] a frame far above the limit closes its socket', async () => {
    const endpoint = await limited({ payloadBytes: 1_000 })
    const socket = await RawSocket.open(endpoint.url)
    await socket.join('large')
    socket.push('realtime:large', 'broadcast', { ...message, payload: { text: 'x'.repeat(100_000) } })
    expect((await socket.closed.count(1))[0]).toMatchObject({ code: 1009 })
    const other = await RawSocket.open(endpoint.url)
    expect((await other.join('large')).payload['status']).toBe('ok')
    other.socket.close()
  })

  test('[L6] a client that does not read is cut before it fills the memory', async () => {
    const endpoint = await limited({ bufferedBytes: 1_000_000, eventsPerSecond: 1e6 })
    const [deaf, loud] = [await RawSocket.open(endpoint.url), await RawSocket.open(endpoint.url)]
    await deaf.join('loud')
    await loud.join('loud', { broadcast: { ack: true } })
    deaf.socket.pause()
    const payload = { text: 'x'.repeat(500_000) }
    const cut = deaf.closed.count(1)
    for (let n = 0; n < 40; n += 1) await loud.call('realtime:loud', 'broadcast', { ...message, payload })
    deaf.socket.resume()
    expect((await cut)[0]?.code).toBe(1006)
    loud.socket.close()
  })
})

describe('RateMeter', () => {
  test('forgets a second when the window has passed it, and everything after a long rest', () => {
    let now = 1_000_000
    const meter = new RateMeter(2, 10, () => now)
    meter.add(20)
    expect([meter.exceeded(), meter.exceeded(1)]).toEqual([false, true])
    now += 9_000
    meter.add(5)
    expect(meter.mean()).toBe(2.5)
    now += 1_000
    expect(meter.mean()).toBe(0.5)
    now += 60_000
    expect(meter.mean()).toBe(0)
  })
})
