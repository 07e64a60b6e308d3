import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keys, startTestEndpoint, type TestEndpoint } from './testing/endpoint.ts'
import { RawSocket } from './testing/raw-socket.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
const warnings: string[] = []
let endpoint: TestEndpoint

beforeAll(async () => {
  endpoint = await startTestEndpoint({ log: { info: () => {}, warn: (line) => warnings.push(line) } })
}, 60_000)
afterAll(() => endpoint.stop())

// Frames that are shaped as they should be and say nonsense: each value may stand where another belongs.
const nonsense = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', 'x', '__proto__', [], {}, 'sb_x', 'a.b.c'),
  fc.jsonValue({ maxDepth: 3 }),
)
const some = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: value as fc.Arbitrary<unknown> }, nonsense)
const entry = fc.record(
  {
    event: some(fc.constant('*')),
    schema: some(fc.constant('public')),
    table: nonsense,
    filter: nonsense,
    select: nonsense,
  },
  { requiredKeys: [] },
)
const config = fc.record(
  {
    broadcast: some(
      fc.record(
        { ack: nonsense, self: nonsense, replay: some(fc.record({ since: nonsense, limit: nonsense })) },
        { requiredKeys: ['ack'] },
      ),
    ),
    presence: some(fc.record({ key: nonsense, enabled: nonsense })),
    postgres_changes: some(fc.array(some(entry), { maxLength: 4 })),
    private: nonsense,
  },
  { requiredKeys: [] },
)
const payloads: Record<string, fc.Arbitrary<unknown>> = {
  phx_join: fc.record({ config: some(config), access_token: nonsense }, { requiredKeys: [] }),
  presence: fc.record(
    { event: some(fc.constantFrom('track', 'untrack')), payload: nonsense },
    { requiredKeys: [] },
  ),
  broadcast: fc.record({ type: nonsense, event: nonsense, payload: nonsense }, { requiredKeys: [] }),
  access_token: fc.record({ access_token: nonsense }),
  phx_leave: fc.constant({}),
}
// Any other reference is malformed and would end its socket at once.
const reference = fc.constantFrom('1', '2', null, 3, '')
const topic = fc.constantFrom(
  'realtime:a',
  'realtime:b',
  'realtime:',
  'phoenix',
  'a',
  '\0',
  'realtime:\u0000',
)
const frame = fc
  .constantFrom('phx_join', 'phx_join', 'presence', 'broadcast', 'access_token', 'phx_leave')
  .chain((event) =>
    fc.tuple(reference, reference, topic, fc.constant(event), some(payloads[event] ?? nonsense)),
  )

test(`[W6] thousands of absurd frames on many sockets break nothing (SEED=${seed})`, async () => {
  const frames = fc.sample(frame, { seed, numRuns: 3_000 })
  const sockets: RawSocket[] = []
  for (let at = 0; at < frames.length; at += 100) {
    const socket = await RawSocket.open(endpoint.url, {
      apikey: at % 200 ? keys.secretKey : keys.publishableKey,
    })
    sockets.push(socket)
    for (const values of frames.slice(at, at + 100)) socket.socket.send(JSON.stringify(values))
  }
  const witness = await RawSocket.open(endpoint.url)
  expect((await witness.join('witness')).payload['status']).toBe('ok')
  for (const socket of sockets) {
    for (const name of ['realtime:a', 'realtime:b']) await socket.call(name, 'phx_leave', {})
    socket.socket.close()
    await socket.closed.count(1)
  }
  expect(sockets.reduce((count, socket) => count + socket.frames.all.length, 0)).toBeGreaterThan(500)
  witness.socket.close()
  expect(warnings).toEqual([])
})
