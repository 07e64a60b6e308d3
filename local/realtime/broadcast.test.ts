import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox, subscribe } from './testing/inbox.ts'
import { startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startTestEndpoint()
}, 60_000)
afterAll(() => endpoint.stop())

describe('broadcast', () => {
  test('[B1] a broadcast reaches the other client once and not its sender', async () => {
    const [a, b] = [endpoint.client(), endpoint.client()]
    const heard = new Inbox<unknown>()
    const own = new Inbox<unknown>()
    const sender = a.channel('room').on('broadcast', { event: '*' }, own.put)
    expect((await subscribe(b.channel('room').on('broadcast', { event: '*' }, heard.put))).status).toBe(
      'SUBSCRIBED',
    )
    expect((await subscribe(sender)).status).toBe('SUBSCRIBED')
    expect(await sender.send({ type: 'broadcast', event: 'hello', payload: { n: 1 } })).toBe('ok')
    await sender.send({ type: 'broadcast', event: 'end', payload: {} })
    expect(await heard.count(2)).toEqual([
      { type: 'broadcast', event: 'hello', payload: { n: 1 } },
      { type: 'broadcast', event: 'end', payload: {} },
    ])
    expect(own.all).toEqual([])
  })

  test('realtime.send reaches public', async () => {
    const heard = new Inbox<Record<string, unknown>>()
    await subscribe(endpoint.client().channel('db').on('broadcast', { event: '*' }, heard.put))
    await endpoint.sql`select realtime.send('{"a": 12345678901234567890}'::jsonb, 'tell', 'db', false)`
    const [message] = await heard.count(1)
    expect(message).toMatchObject({ event: 'tell' })
  })
})
