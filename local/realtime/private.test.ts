import { randomUUID } from 'node:crypto'
import type { RealtimeChannel } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox, subscribe } from './testing/inbox.ts'
import {
  inSeconds,
  keys,
  personToken,
  signToken,
  startTestEndpoint,
  type TestEndpoint,
} from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'

let endpoint: TestEndpoint
const member = randomUUID()
const listener = randomUUID()

beforeAll(async () => {
  endpoint = await startTestEndpoint()
  await endpoint.sql.unsafe(`
    create table public.members (person uuid, topic text, may_write boolean, extension text);
    grant select on public.members to authenticated;
    create function public.person() returns uuid language sql stable as
      $$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
    create policy hear on realtime.messages for select to authenticated using (exists (
      select from public.members m where m.person = public.person() and m.topic = realtime.topic()
      and m.extension in ('*', messages.extension)));
    create policy speak on realtime.messages for insert to authenticated with check (exists (
      select from public.members m where m.person = (current_setting('request.jwt.claims')::jsonb ->> 'sub')::uuid
      and m.topic = realtime.topic() and m.may_write and m.extension in ('*', messages.extension)));
    create policy broken on realtime.messages for select to authenticated using (
      realtime.topic() = 'broken' and 1 / (length(topic) - length('broken')) = 1);
    insert into public.members values
      ('${member}', 'den', true, '*'), ('${listener}', 'den', false, '*'),
      ('${listener}', 'talk', true, 'broadcast'), ('${listener}', 'faces', true, 'presence');`)
}, 60_000)
afterAll(() => endpoint.stop())

const as = (sub: string, claims = {}) => endpoint.client({ token: personToken({ sub, ...claims }) })
const closed = { config: { private: true } }

function hearing(channel: RealtimeChannel): Inbox<Record<string, unknown>> {
  const heard = new Inbox<Record<string, unknown>>()
  channel.on('broadcast', { event: '*' }, heard.put)
  return heard
}

describe('private channels', () => {
  test('[P1] a member reads and writes; [P4] a reader who may not write is heard by nobody', async () => {
    const readerChannel = as(listener).channel('den', { config: { private: true, broadcast: { ack: true } } })
    const heard = hearing(readerChannel)
    const writer = as(member).channel('den', { config: { private: true, broadcast: { ack: true } } })
    const overheard = hearing(writer)
    expect(await subscribe(readerChannel)).toMatchObject({ status: 'SUBSCRIBED', reason: '' })
    expect((await subscribe(writer)).status).toBe('SUBSCRIBED')
    expect(await writer.send({ type: 'broadcast', event: 'in', payload: {} })).toBe('ok')
    await heard.count(1)
    expect(await readerChannel.send({ type: 'broadcast', event: 'out', payload: {} }, { timeout: 200 })).toBe(
      'timed out',
    )
    expect(await writer.send({ type: 'broadcast', event: 'again', payload: {} })).toBe('ok')
    await heard.count(2)
    expect(overheard.all).toEqual([])
  })

  test('[P2] strangers, anonymous callers and other topics are refused with the real sentence', async () => {
    const reason = 'Unauthorized: You do not have permissions to read from this Channel topic: den'
    for (const client of [as(randomUUID()), endpoint.client()]) {
      const joined = await subscribe(client.channel('den', closed))
      expect(joined).toMatchObject({ status: 'CHANNEL_ERROR', reason })
    }
    const elsewhere = await subscribe(as(member).channel('attic', closed))
    expect(elsewhere.reason).toBe(reason.replace('den', 'attic'))
  })

  test('[P3] an extension that the policy does not name stays closed', async () => {
    const talk = as(listener).channel('talk', { config: { private: true, presence: { enabled: true } } })
    expect((await subscribe(talk)).status).toBe('SUBSCRIBED')
    expect(await talk.track({ here: true })).toBe('error')

    const faces = as(listener).channel('faces', closed)
    const heard = hearing(faces)
    const state = new Inbox<number>()
    faces.on('presence', { event: 'sync' }, () => state.put(Object.keys(faces.presenceState()).length))
    expect((await subscribe(faces)).status).toBe('SUBSCRIBED')
    await endpoint.sql`select realtime.send('{}', 'unheard', 'faces', true)`
    expect(await faces.track({ here: true })).toBe('ok')
    await state.until((counts) => counts.includes(1))
    expect(heard.all).toEqual([])
  })

  test('[P6] a policy that fails refuses, and the endpoint goes on', async () => {
    const joined = await subscribe(as(member).channel('broken', closed))
    expect(joined.reason).toContain('Unauthorized: ')
    expect((await subscribe(as(member).channel('den', closed))).status).toBe('SUBSCRIBED')
  })

  test('[P1] a role that does not exist, and the secret key', async () => {
    const odd = endpoint.client({ token: personToken({ role: 'nobody_here' }) })
    expect((await subscribe(odd.channel('den', closed))).status).toBe('CHANNEL_ERROR')
    const service = endpoint.client({ key: keys.secretKey })
    expect((await subscribe(service.channel('attic', closed))).status).toBe('SUBSCRIBED')
  })

  test('[P2] a topic that PostgreSQL cannot hold is refused like any other', async () => {
    const socket = await RawSocket.open(endpoint.url, { apikey: keys.secretKey })
    const reply = await socket.join('\0', { private: true })
    expect(reply.payload['response']).toMatchObject({ reason: expect.stringMatching(/^Unauthorized: /) })
    socket.socket.close()
  })

  test('[P1] deciding leaves no row and no message behind', async () => {
    const before = await endpoint.sql`select count(*)::int as n from realtime.messages where event is null`
    await subscribe(as(member).channel('den', closed))
    const after = await endpoint.sql`select count(*)::int as n from realtime.messages where event is null`
    expect([before[0]?.['n'], after[0]?.['n']]).toEqual([0, 0])
  })

  test('[C6] a private and a public channel of one name never mix', async () => {
    const open = endpoint.client().channel('den')
    const inside = as(member).channel('den', closed)
    const [outer, inner] = [hearing(open), hearing(inside)]
    await subscribe(open)
    await subscribe(inside)
    await open.send({ type: 'broadcast', event: 'from outside', payload: {} })
    await inside.send({ type: 'broadcast', event: 'from inside', payload: {} })
    await endpoint.sql`select realtime.send('{}', 'public', 'den', false)`
    await endpoint.sql`select realtime.send('{}', 'private', 'den', true)`
    await outer.first((message) => message['event'] === 'public')
    await inner.first((message) => message['event'] === 'private')
    expect(outer.all.map((message) => message['event'])).toEqual(['public'])
    expect(inner.all.map((message) => message['event'])).toEqual(['private'])
  })
})

describe('tokens', () => {
  test('[T3] each fault of a token is named', async () => {
    const socket = await RawSocket.open(endpoint.url)
    const reason = async (access_token: string) =>
      (await socket.join('any', {}, { access_token })).payload['response'] as Record<string, string>
    const claims = { role: 'authenticated', sub: member, exp: inSeconds(60) }
    expect(await reason(signToken({ ...claims, exp: inSeconds(-30) }))).toMatchObject({
      reason: expect.stringMatching(/^InvalidJWTToken: Token has expired 3\d seconds ago$/),
    })
    expect(await reason(signToken({ sub: member }))).toEqual({
      reason: 'InvalidJWTToken: Fields `role` and `exp` are required in JWT',
    })
    expect(await reason('not.a.token')).toEqual({
      reason: 'MalformedJWT: The token provided is not a valid JWT',
    })
    expect(await reason(signToken(claims, 'another secret'))).toEqual({
      reason: 'JwtSignatureError: Failed to validate JWT signature',
    })
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${signToken(claims).split('.')[1]}.`
    expect(await reason(none)).toMatchObject({ reason: expect.stringMatching(/^JwtSignerError: /) })
    socket.socket.close()
  })

  test('[T4] an expired token closes its channel and no other', async () => {
    const socket = await RawSocket.open(endpoint.url)
    await socket.join('lasting', {}, { access_token: personToken() })
    await socket.join('brief', {}, { access_token: personToken({ exp: inSeconds(1) }) })
    const told = await socket.frames.first((frame) => frame.event === 'system')
    expect(told.payload).toEqual({
      extension: 'system',
      status: 'error',
      message: expect.stringMatching(/^Token has expired \d seconds ago$/),
      channel: 'brief',
    })
    await socket.frames.first((frame) => frame.event === 'phx_close' && frame.topic === 'realtime:brief')
    expect((await socket.call('realtime:brief', 'broadcast', {})).payload['response']).toEqual({
      reason: 'unmatched topic',
    })
    expect((await socket.call('realtime:lasting', 'presence', { event: 'untrack' })).payload['status']).toBe(
      'ok',
    )
    socket.socket.close()
  })

  test('[P5] a new token decides anew: kept, lost, refused', async () => {
    const person = randomUUID()
    await endpoint.sql`insert into public.members values (${person}, 'den', true, '*')`
    const socket = await RawSocket.open(endpoint.url)
    const join = () => socket.join('den', { private: true }, { access_token: personToken({ sub: person }) })
    expect((await join()).payload['status']).toBe('ok')
    const topic = 'realtime:den'
    socket.push(topic, 'access_token', { access_token: personToken({ sub: person, exp: inSeconds(90) }) })
    expect((await socket.call(topic, 'presence', { event: 'untrack' })).payload['status']).toBe('ok')

    await endpoint.sql`update public.members set extension = 'broadcast' where person = ${person}`
    socket.push(topic, 'access_token', { access_token: personToken({ sub: person, exp: inSeconds(91) }) })
    const lost = await socket.frames.first((frame) => frame.event === 'system')
    expect(lost.payload['message']).toBe('You no longer have permission to read from this Channel topic: den')

    await join()
    await endpoint.sql`delete from public.members where person = ${person}`
    socket.push(topic, 'access_token', { access_token: personToken({ sub: person, exp: inSeconds(92) }) })
    const refused = await socket.frames.until(
      (all) => all.filter((frame) => frame.event === 'system').length === 2,
    )
    expect(refused.findLast((frame) => frame.event === 'system')?.payload['message']).toBe(
      'You do not have permissions to read from this Channel topic: den',
    )
    socket.socket.close()
  })

  test('[T5] a key, null and a broken token in place of a token', async () => {
    const socket = await RawSocket.open(endpoint.url)
    await socket.join('any', {}, { access_token: personToken() })
    for (const access_token of [keys.publishableKey, null, 7])
      socket.push('realtime:any', 'access_token', { access_token })
    expect((await socket.call('realtime:any', 'presence', { event: 'untrack' })).payload['status']).toBe('ok')
    socket.push('realtime:any', 'access_token', { access_token: 'nonsense' })
    const told = await socket.frames.first((frame) => frame.event === 'system')
    expect(told.payload['message']).toBe('The token provided is not a valid JWT')
    socket.socket.close()
  })
})
