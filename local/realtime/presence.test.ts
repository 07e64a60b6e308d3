import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RealtimeChannel } from '@supabase/supabase-js'
import { Inbox, subscribe } from './testing/inbox.ts'
import { startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startTestEndpoint()
}, 60_000)
afterAll(() => endpoint.stop())

interface Seen {
  event: string
  key: string
  state: Record<string, Record<string, unknown>[]>
}

async function enter(topic: string, key?: string, vsn: '1.0.0' | '2.0.0' = '2.0.0') {
  const client = endpoint.client({ vsn })
  const channel: RealtimeChannel = client.channel(topic, { config: { presence: key ? { key } : {} } })
  const seen = new Inbox<Seen>()
  const note = (event: string) => (payload?: { key?: string }) =>
    seen.put({ event, key: payload?.key ?? '', state: channel.presenceState() })
  channel
    .on('presence', { event: 'sync' }, note('sync'))
    .on('presence', { event: 'join' }, note('join'))
    .on('presence', { event: 'leave' }, note('leave'))
  await subscribe(channel)
  const metas = () => Object.entries(channel.presenceState()).map(([name, list]) => [name, list.length])
  return { client, channel, seen, metas }
}

describe('presence', () => {
  test('[H1] [H2] a track is seen by those here and by those who come', async () => {
    const a = await enter('office', 'ana')
    expect(await a.channel.track({ at: 'desk' })).toBe('ok')
    await a.seen.first((item) => item.event === 'join' && item.key === 'ana')
    const b = await enter('office', 'bia')
    await b.seen.until((all) => all.some((item) => item.state['ana']?.[0]?.['at'] === 'desk'))
    await b.channel.track({ at: 'door' })
    await a.seen.first((item) => item.event === 'join' && item.key === 'bia')
    expect(a.channel.presenceState()).toMatchObject({ ana: [{ at: 'desk' }], bia: [{ at: 'door' }] })
  })

  test('[W3] the two protocols see each other', async () => {
    const [old, modern] = [await enter('ages', 'old', '1.0.0'), await enter('ages', 'modern')]
    await old.channel.track({ v: 1 })
    await modern.channel.track({ v: 2 })
    await old.seen.first((item) => item.event === 'join' && item.key === 'modern')
    await modern.seen.until(() => modern.metas().length === 2)
    expect(modern.channel.presenceState()).toMatchObject({ old: [{ v: 1 }], modern: [{ v: 2 }] })
  })

  test('[H2] tracking again replaces the meta', async () => {
    const a = await enter('desk', 'ana')
    const b = await enter('desk', 'bia')
    await a.channel.track({ at: 1 })
    await a.channel.track({ at: 2 })
    await b.seen.until((all) =>
      all.some((item) => item.event === 'sync' && item.state['ana']?.[0]?.['at'] === 2),
    )
    expect(b.channel.presenceState()['ana']).toEqual([{ at: 2, presence_ref: expect.any(String) }])
  })

  test('[H3] untrack, unsubscribe and a lost socket are leaves; two devices under one key are two metas', async () => {
    const watcher = await enter('hall', 'watcher')
    const [phone, laptop, third] = [
      await enter('hall', 'ana'),
      await enter('hall', 'ana'),
      await enter('hall', 'caio'),
    ]
    for (const each of [phone, laptop, third]) await each.channel.track({})
    await watcher.seen.until(() => JSON.stringify(watcher.metas()) === '[["ana",2],["caio",1]]')
    await phone.channel.untrack()
    await watcher.seen.until(() => JSON.stringify(watcher.metas()) === '[["ana",1],["caio",1]]')
    await laptop.channel.unsubscribe()
    await watcher.seen.until(() => JSON.stringify(watcher.metas()) === '[["caio",1]]')
    await third.client.realtime.disconnect()
    await watcher.seen.until(() => watcher.metas().length === 0)
    expect(watcher.metas()).toEqual([])
  })

  test('[H1] without a key each has its own', async () => {
    const watcher = await enter('nameless')
    for (const each of [await enter('nameless'), await enter('nameless')]) await each.channel.track({})
    await watcher.seen.until(() => watcher.metas().length === 2)
    expect(watcher.metas().map(([, metas]) => metas)).toEqual([1, 1])
  })

  test('[H4] a channel with presence off hears nothing of it until it tracks itself', async () => {
    const off = await RawSocket.open(endpoint.url)
    await off.join('quiet', { presence: { enabled: false, key: 'off' } })
    const a = await enter('quiet', 'ana')
    await a.channel.track({ n: 1 })
    await a.seen.first((item) => item.event === 'join')
    expect((await off.call('phoenix', 'heartbeat', {})).payload['status']).toBe('ok')
    expect(off.frames.all.filter((frame) => frame.event.startsWith('presence'))).toEqual([])
    await off.call('realtime:quiet', 'presence', { event: 'track', payload: { n: 2 } })
    const state = await off.frames.first((frame) => frame.event === 'presence_state')
    expect(Object.keys(state.payload).sort()).toEqual(['ana', 'off'])
    await a.seen.first((item) => item.event === 'join' && item.key === 'off')
    off.socket.close()
  })

  test('[H2] the diff of a replacement names what it replaces; an equal payload says nothing', async () => {
    const socket = await RawSocket.open(endpoint.url)
    await socket.join('diff', { presence: { key: '__proto__', enabled: true } })
    const track = (payload: unknown) =>
      socket.call('realtime:diff', 'presence', { type: 'presence', event: 'track', payload })
    await track({ n: 1 })
    await track({ n: 1 })
    await track({ n: 2 })
    const diffs = (
      await socket.frames.until((all) => all.filter((frame) => frame.event === 'presence_diff').length >= 2)
    )
      .filter((frame) => frame.event === 'presence_diff')
      .map(
        (frame) =>
          JSON.parse(JSON.stringify(frame.payload)) as Record<
            string,
            Record<string, { metas: Record<string, string>[] }>
          >,
      )
    expect(diffs).toHaveLength(2)
    const own = (side: unknown) =>
      Object.getOwnPropertyDescriptor(side, '__proto__')?.value as { metas: Record<string, string>[] }
    const [first, second] = diffs
    expect(own(second?.['joins']).metas[0]?.['phx_ref_prev']).toBe(
      own(first?.['joins']).metas[0]?.['phx_ref'],
    )
    expect(own(second?.['leaves']).metas[0]?.['phx_ref']).toBe(own(first?.['joins']).metas[0]?.['phx_ref'])
    socket.socket.close()
  })

  test('[H5] a payload that is no object', async () => {
    const socket = await RawSocket.open(endpoint.url)
    await socket.join('odd')
    const reply = await socket.call('realtime:odd', 'presence', { event: 'track', payload: [1] })
    expect(reply.payload).toEqual({
      status: 'error',
      response: { reason: 'Presence track payload must be a map' },
    })
    socket.socket.close()
  })
})
