import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personToken, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { startWithTables, watch } from './testing/watch.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startWithTables()
}, 60_000)
afterAll(() => endpoint.stop())

describe('who sees a change', () => {
  test('[G6] row policies decide on inserts and updates; a delete tells its key alone', async () => {
    const [ana, bia] = [randomUUID(), randomUUID()]
    const seen = await Promise.all([
      watch(endpoint, { table: 'owned' }, { token: personToken({ sub: ana }) }),
      watch(endpoint, { table: 'owned' }, { token: personToken({ sub: bia }) }),
      watch(endpoint, { table: 'owned' }),
    ])
    await endpoint.sql`insert into public.owned values (1, ${ana}, 'hers'), (2, ${bia}, 'theirs')`
    await endpoint.sql`update public.owned set body = 'new' where id = 2`
    await endpoint.sql`delete from public.owned`
    await Promise.all(
      seen.map(({ changes }) =>
        changes.until((all) => all.filter((change) => change.eventType === 'DELETE').length === 2),
      ),
    )
    const told = seen.map(({ changes }) =>
      changes.all.map((change) => [
        change.eventType,
        change.new['id'] ?? change.old['id'],
        Object.keys(change.old).length,
      ]),
    )
    const deletes = [
      ['DELETE', 1, 1],
      ['DELETE', 2, 1],
    ]
    // The policy reads the row as it stands when the change is told; a row that is gone is not told at all.
    const possible = [
      [['INSERT', 1, 0]],
      [
        ['INSERT', 2, 0],
        ['UPDATE', 2, 1],
      ],
      [],
    ]
    for (const [at, events] of told.entries()) {
      expect(events.slice(-2)).toEqual(deletes)
      for (const event of events.slice(0, -2)) expect(possible[at]).toContainEqual(event)
    }
  })

  test('[G6] the owner hears, the other does not, while the row is there', async () => {
    const [ana, bia] = [randomUUID(), randomUUID()]
    const hers = await watch(endpoint, { table: 'owned' }, { token: personToken({ sub: ana }) })
    const theirs = await watch(endpoint, { table: 'owned' }, { token: personToken({ sub: bia }) })
    await endpoint.sql`insert into public.owned values (10, ${ana}, 'hers')`
    await endpoint.sql`insert into public.owned values (11, ${bia}, 'theirs')`
    expect((await hers.changes.count(1)).map((change) => change.new)).toEqual([
      { id: 10, owner: ana, body: 'hers' },
    ])
    expect((await theirs.changes.count(1)).map((change) => change.new['id'])).toEqual([11])
    await endpoint.sql`update public.owned set owner = ${bia} where id = 10`
    expect((await theirs.changes.count(2)).map((change) => change.eventType)).toEqual(['INSERT', 'UPDATE'])
    expect(hers.changes.all).toHaveLength(1)
  })

  test('[G6] [T5] a new token changes who asks', async () => {
    const [ana, bia] = [randomUUID(), randomUUID()]
    const socket = await RawSocket.open(endpoint.url)
    const changes = [{ event: 'INSERT', schema: 'public', table: 'owned' }]
    await socket.join('switch', { postgres_changes: changes }, { access_token: personToken({ sub: ana }) })
    await socket.frames.first((frame) => frame.event === 'system')
    const told = () => socket.frames.all.filter((frame) => frame.event === 'postgres_changes').length
    await endpoint.sql`insert into public.owned values (20, ${ana}, 'hers')`
    await socket.frames.until(() => told() === 1)
    socket.push('realtime:switch', 'access_token', { access_token: personToken({ sub: bia }) })
    await socket.call('realtime:switch', 'presence', { event: 'untrack' })
    await endpoint.sql`insert into public.owned values (21, ${ana}, 'hers'), (22, ${bia}, 'theirs')`
    await socket.frames.until(() => told() === 2)
    const last = socket.frames.all.findLast((frame) => frame.event === 'postgres_changes')
    expect(last?.payload['data']).toMatchObject({ record: { id: 22 } })
    socket.socket.close()
  })

  test('[G7] columns without a grant are left out, and the errors of the real server', async () => {
    const anon = await watch(endpoint, { table: 'open_rows' })
    const person = await watch(endpoint, { table: 'open_rows' }, { token: personToken() })
    const keyless = await watch(endpoint, { table: 'keyless' })
    const hidden = await watch(endpoint, { table: 'hidden' })
    await endpoint.sql`insert into public.open_rows (id, name, secret) values (70, ${'x'.repeat(1_200_000)}, 'quiet')`
    await endpoint.sql`insert into public.open_rows (id, secret) values (71, 'quiet')`
    await endpoint.sql`insert into public.keyless values (1)`
    await endpoint.sql`insert into public.hidden values (1, 1)`
    const [large, small] = await anon.changes.count(2)
    expect(large?.errors).toEqual(['Error 413: Payload Too Large'])
    expect(large?.new).toMatchObject({ id: 70 })
    expect(large?.new).not.toHaveProperty('name')
    expect(small?.new).not.toHaveProperty('secret')
    expect((await person.changes.count(2))[1]?.new).toMatchObject({ secret: 'quiet' })
    expect((await keyless.changes.count(1))[0]?.errors).toEqual(['Error 400: Bad Request, no primary key'])
    expect((await hidden.changes.count(1))[0]).toMatchObject({ errors: ['Error 401: Unauthorized'], new: {} })
    await endpoint.sql`delete from public.open_rows`
  })

  test('[G5] select leaves the named columns and the key', async () => {
    const { changes } = await watch(endpoint, { event: 'INSERT', table: 'open_rows', select: ['name'] })
    await endpoint.sql`insert into public.open_rows (id, name, n) values (80, 'chosen', 1)`
    expect((await changes.count(1))[0]?.new).toEqual({ id: 80, name: 'chosen' })
  })
})
