import { postgresChangesFilter } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestEndpoint } from './testing/endpoint.ts'
import { type Asked, startWithTables, watch } from './testing/watch.ts'

let endpoint: TestEndpoint
beforeAll(async () => {
  endpoint = await startWithTables()
}, 60_000)
afterAll(() => endpoint.stop())

describe('filters', () => {
  const rows = `insert into public.open_rows (id, name, n, ok, mood, at, day, code, price) values
    (1, 'alpha', 9, true, 'calm', '2026-01-01T00:00:00Z', '2026-01-01', 'x-1', 1.5),
    (2, 'Beta', 10, false, 'busy', '2026-02-01T00:00:00Z', '2026-02-01', 'y-2', 10),
    (3, null, null, null, null, null, null, null, null),
    (4, 'a,b "c" (d)', 100, true, 'calm', '2026-03-01T00:00:00Z', '2026-03-01', 'x-4', -2)`

  const cases: [string, number[]][] = [
    ['n=gt.9', [2, 4]], // as numbers: as text '10' < '9'
    ['price=lte.1.50', [1, 4]],
    ['n=eq.10', [2]],
    ['n=neq.10', [1, 4]],
    ['n=not.eq.10', [1, 4]],
    ['n=gte.10,n=lt.100', [2]],
    ['at=gt.2026-01-31T22:00:00-03:00', [4]],
    ['day=lt.2026-02-01', [1]],
    ['mood=gt.calm', [2]], // by the order of the enum
    ['mood=in.(calm)', [1, 4]],
    ['n=in.(9,100)', [1, 4]],
    ['name=in.("a,b \\"c\\" (d)",Beta)', [2, 4]],
    ['n=not.in.(9,100)', [2]],
    ['name=like.%a', [1, 2]],
    ['name=ilike.b%', [2]],
    ['name=not.like.a%', [2]],
    ['code=like.x%', [1, 4]],
    ['name=match.^[A-Z]', [2]],
    ['name=imatch.^[B]', [2]],
    ['name=is.null', [3]],
    ['name=not.is.null', [1, 2, 4]],
    ['ok=is.true', [1, 4]],
    ['ok=is.unknown', [3]],
    ['n=isdistinct.10', [1, 3, 4]],
    ['n=not.isdistinct.10', [2]],
    ['name=eq."a,b \\"c\\" (d)"', [4]],
    ['  ', [1, 2, 3, 4]],
  ]
  test('[G4] each operator, by the type of its column', async () => {
    const client = endpoint.client() // one socket: what the last channel has heard, the others have
    const watched = await Promise.all(
      cases.map(([filter]) => watch(endpoint, { event: 'INSERT', table: 'open_rows', filter }, { client })),
    )
    for (const [at, { system }] of watched.entries())
      expect([cases[at]?.[0], system.status]).toEqual([cases[at]?.[0], 'ok'])
    const built = await watch(
      endpoint,
      {
        event: 'INSERT',
        table: 'open_rows',
        filter: postgresChangesFilter().eq('name', 'a,b "c" (d)').not('n', 'in', [1, 2]),
      },
      { client },
    )
    const last = await watch(endpoint, { event: 'DELETE', table: 'open_rows' }, { client })
    await endpoint.sql.unsafe(rows)
    await endpoint.sql`delete from public.open_rows`
    await last.changes.count(4)
    for (const [at, { changes }] of watched.entries()) {
      expect([cases[at]?.[0], changes.all.map((change) => change.new['id'])]).toEqual(cases[at])
    }
    expect(built.changes.all.map((change) => change.new['id'])).toEqual([4])
  })

  test('[G4] a delete is matched by what its identity tells', async () => {
    const client = endpoint.client()
    await endpoint.sql`insert into public.open_rows (id, n) values (1, 1), (2, 2)`
    const byKey = await watch(
      endpoint,
      { event: 'DELETE', table: 'open_rows', filter: 'id=eq.2' },
      { client },
    )
    const byOther = await watch(
      endpoint,
      { event: 'DELETE', table: 'open_rows', filter: 'n=eq.2' },
      { client },
    )
    const last = await watch(endpoint, { event: 'DELETE', table: 'open_rows' }, { client })
    await endpoint.sql`delete from public.open_rows`
    await last.changes.count(2)
    expect([byKey.changes.all.map((change) => change.old), byOther.changes.all]).toEqual([[{ id: 2 }], []])
  })

  test('[G1] what cannot work is refused with the reason', async () => {
    const refusal = async (asked: Asked) => (await watch(endpoint, asked)).system
    const failed = (message: unknown) => ({
      extension: 'postgres_changes',
      status: 'error',
      message,
      channel: expect.any(String),
    })
    expect(await refusal({ table: 'open_rows', filter: 'absent=eq.1' })).toEqual(
      failed(
        'Unable to subscribe to changes with given parameters. An exception happened so please check your connect ' +
          'parameters: [event: *, schema: public, table: open_rows, filters: [{"absent", "eq", "1", false}], select: nil]. ' +
          'Exception: ERROR P0001 (raise_exception) invalid column for filter absent',
      ),
    )
    expect(await refusal({ event: 'INSERT', table: 'nowhere' })).toEqual(
      failed(
        'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect ' +
          'parameters: [event: INSERT, schema: public, table: nowhere, filters: [], select: nil]',
      ),
    )
    const reasons: [Asked, string][] = [
      [{ table: 'open_rows', filter: 'n=foo.1' }, 'Error parsing `filter` params: ["foo", "1"]'],
      [{ table: 'open_rows', filter: 'undefined' }, 'Error parsing `filter` params: ["undefined"]'],
      [{ table: 'open_rows', filter: 'n=eq.1,,n=eq.2' }, 'empty segments'],
      [{ table: 'open_rows', filter: 'n=in.1' }, 'must be wrapped by parentheses'],
      [{ table: 'open_rows', filter: 'n=eq.word' }, 'invalid input syntax for type integer'],
      [{ table: 'open_rows', filter: 'n=is.true' }, 'requires a boolean column'],
      [{ table: 'open_rows', filter: 'ok=is.true) or (true' }, 'invalid value for is filter'],
      [{ table: 'open_rows', filter: 'n=like.1%' }, 'requires a text-compatible column type'],
      [{ table: 'open_rows', filter: 'name=match.(' }, 'invalid regular expression'],
      [{ table: 'open_rows', filter: `n=in.(${Array.from({ length: 101 }, (_, n) => n)})` }, 'Maximum 100'],
      [{ table: 'open_rows', filter: 'secret=eq.1' }, 'invalid column for filter secret'],
      [{ table: 'open_rows', select: ['absent'] }, 'invalid column for select absent'],
      [{ select: ['id'] }, 'Column selection is not supported for wildcard subscriptions'],
    ]
    for (const [asked, reason] of reasons)
      expect(await refusal(asked)).toEqual(failed(expect.stringContaining(reason)))
  })
})
