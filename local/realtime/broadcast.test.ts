import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox, subscribe } from './testing/inbox.ts'
import { keys, personToken, startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startTestEndpoint({ limits: { payloadBytes: 20_000 } })
  await endpoint.sql`create policy hear on realtime.messages for select to authenticated using (true)`
  await endpoint.sql`create policy speak on realtime.messages for insert to authenticated
    with check (realtime.topic() like 'open%')`
}, 60_000)
afterAll(() => endpoint.stop())

type Message = { event: string; payload: unknown; meta?: unknown }

async function listen(topic: string, options: Parameters<TestEndpoint['client']>[0] = {}, isPrivate = false) {
  const heard = new Inbox<Message>()
  const channel = endpoint.client(options).channel(topic, { config: { private: isPrivate } })
  const joined = await subscribe(
    channel.on('broadcast', { event: '*' }, heard.put as (message: unknown) => void),
  )
  expect(joined).toMatchObject({ status: 'SUBSCRIBED' })
  return { channel, heard }
}

describe('broadcast between clients', () => {
  test('[B1] arrives once, in order, and not at its sender', async () => {
    const other = await listen('room')
    const sender = await listen('room')
    for (let n = 0; n < 50; n += 1)
      await sender.channel.send({ type: 'broadcast', event: 'n', payload: { n } })
    const heard = await other.heard.count(50)
    expect(heard.map((message) => message.payload)).toEqual(Array.from({ length: 50 }, (_, n) => ({ n })))
    await other.channel.send({ type: 'broadcast', event: 'end', payload: {} })
    expect((await sender.heard.count(1)).map((message) => message.event)).toEqual(['end'])
    expect(other.heard.all).toHaveLength(50)
  })

  test('[B1] with self its sender hears it, [B2] and ack answers', async () => {
    const heard = new Inbox<Message>()
    const channel = endpoint.client().channel('echo', { config: { broadcast: { self: true, ack: true } } })
    await subscribe(channel.on('broadcast', { event: 'mine' }, heard.put))
    expect(await channel.send({ type: 'broadcast', event: 'mine', payload: { ação: '✓' } })).toBe('ok')
    expect(await heard.count(1)).toEqual([{ type: 'broadcast', event: 'mine', payload: { ação: '✓' } }])
  })

  test('[B3] bytes stay bytes at 2.0.0; 1.0.0 receives the JSON and not the bytes', async () => {
    const modern = await listen('mixed')
    const old = await listen('mixed', { vsn: '1.0.0' })
    const sender = await listen('mixed')
    const bytes = new Uint8Array([0, 255, 1, 128]).buffer
    await sender.channel.send({ type: 'broadcast', event: 'bytes', payload: bytes })
    await sender.channel.send({ type: 'broadcast', event: 'json', payload: { é: 1 } })
    const heard = await modern.heard.count(2)
    expect(new Uint8Array(heard[0]?.payload as ArrayBuffer)).toEqual(new Uint8Array(bytes))
    expect(await old.heard.count(1)).toEqual([{ type: 'broadcast', event: 'json', payload: { é: 1 } }])

    await old.channel.send({ type: 'broadcast', event: 'from the old', payload: { ok: true } })
    expect(await modern.heard.count(3)).toContainEqual({
      type: 'broadcast',
      event: 'from the old',
      payload: { ok: true },
    })
  })

  test('[B4] a payload above the limit is refused to its sender and reaches nobody', async () => {
    const other = await listen('large')
    const channel = endpoint.client().channel('large', { config: { broadcast: { ack: true } } })
    await subscribe(channel)
    expect(
      await channel.send({ type: 'broadcast', event: 'big', payload: { text: 'x'.repeat(20_000) } }),
    ).toBe('error')
    expect(await channel.send({ type: 'broadcast', event: 'small', payload: {} })).toBe('ok')
    expect((await other.heard.count(1)).map((message) => message.event)).toEqual(['small'])
  })
})

describe('broadcast over REST', () => {
  const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${endpoint.url}/realtime/v1/api/broadcast${path}`, {
      method: 'POST',
      body,
      headers: { apikey: keys.publishableKey, 'content-type': 'application/json', ...headers },
    })
  const batch = (messages: unknown, headers = {}) => post('', JSON.stringify({ messages }), headers)

  test('[A1] send() before the subscription goes over REST, with a key that is no JWT', async () => {
    const other = await listen('rest')
    const unjoined = endpoint.client().channel('rest')
    expect(await unjoined.send({ type: 'broadcast', event: 'posted', payload: { n: 1 } })).toBe('ok')
    expect(await other.heard.count(1)).toEqual([{ type: 'broadcast', event: 'posted', payload: { n: 1 } }])
  })

  test('[A1] a batch is sent in order; faults are named by field and nothing is sent', async () => {
    const other = await listen('batch')
    const messages = [1, 2, 3].map((n) => ({ topic: 'batch', event: 'n', payload: { n } }))
    const refused = await batch([...messages, { topic: 'batch', payload: [] }])
    expect([refused.status, await refused.json()]).toEqual([
      422,
      { errors: { messages: [{}, {}, {}, { event: ["can't be blank"], payload: ['is invalid'] }] } },
    ])
    expect((await batch(messages)).status).toBe(202)
    expect((await other.heard.count(3)).map((message) => message.payload)).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ])
    expect((await batch([])).status).toBe(422)
    expect((await post('', 'no json')).status).toBe(422)
  })

  test('[A1] a private message needs the permission to write, message by message', async () => {
    const authorization = `Bearer ${personToken()}`
    const open = await listen('open room', { token: personToken() }, true)
    const shut = await listen('shut room', { token: personToken() }, true)
    const messages = ['open room', 'shut room'].map((topic) => ({
      topic,
      event: 'e',
      payload: {},
      private: true,
    }))
    expect((await batch(messages, { authorization })).status).toBe(202)
    await open.heard.count(1)
    expect((await batch(messages)).status).toBe(202) // anon may write to neither
    expect((await batch(messages, { authorization: `Bearer ${keys.secretKey}` })).status).toBe(202)
    await open.heard.count(2)
    await shut.heard.count(1)
    expect([open.heard.all.length, shut.heard.all.length]).toEqual([2, 1])
  })

  test('[A2] httpSend: JSON, bytes, private with and without permission', async () => {
    const open = await listen('open/single', { token: personToken() }, true)
    const member = endpoint.client({ token: personToken() })
    await member.realtime.setAuth()
    const channel = member.channel('open/single', { config: { private: true } })
    expect(await channel.httpSend('json ✓', { n: 1 })).toEqual({ success: true })
    expect(await channel.httpSend('bytes', new Uint8Array([7, 0, 9]))).toEqual({ success: true })
    const heard = await open.heard.count(2)
    expect(heard[0]).toEqual({ type: 'broadcast', event: 'json ✓', payload: { n: 1 } })
    expect(new Uint8Array(heard[1]?.payload as ArrayBuffer)).toEqual(new Uint8Array([7, 0, 9]))

    const shut = member.channel('shut', { config: { private: true } })
    await expect(shut.httpSend('json', {})).rejects.toThrow('Unauthorized')
    expect((await post('/room/events/e', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('/room/events/e', '{"half":')).status).toBe(400)
    expect((await post('/%E0%A4%A/events/e', '{}')).status).toBe(400)
    expect((await post('/room/events/e', JSON.stringify('x'.repeat(100_000)))).status).toBe(422)
  })

  test('[A3] nobody is refused', async () => {
    const body = [{ topic: 'a', event: 'b', payload: {} }]
    expect((await batch(body, { apikey: '' })).status).toBe(401)
    expect((await batch(body, { authorization: 'Bearer nonsense' })).status).toBe(401)
    expect((await batch(body, { authorization: `Bearer ${personToken({ exp: 1 })}` })).status).toBe(401)
  })
})
