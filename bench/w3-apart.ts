/** W3: 10,000 edits on each of two devices while they are apart, over 2,000 shared rows, until both are equal. */
import * as Y from 'yjs'
import { withAll, withDevices, type Ready } from './contenders/all.ts'
import type { Device } from './contenders/contender.ts'
import { hocuspocus } from './contenders/hocuspocus.ts'
import { tideline } from './contenders/tideline.ts'
import { yWebsocket, yWebsocketStored } from './contenders/y-websocket.ts'
import { startCountingProxy } from './measure/counting-proxy.ts'
import { ratio, report, type Goal } from './measure/report.ts'
import { inTurns, isQuick, timed, within, type Sample } from './measure/rounds.ts'
import { addRow, assertEqual, editRow, makeChance, reaches, rowId } from './measure/rows.ts'

const ROWS = 2_000
const EDITS = isQuick ? 2_000 : 10_000
const PATIENCE = 120_000

function editApart(device: Pick<Device, 'edit'>, seed: number): void {
  const chance = makeChance(seed)
  for (let n = 0; n < EDITS; n++) {
    const row = chance(ROWS)
    device.edit(rowId(row), (doc) => editRow(doc, row, n + seed))
  }
}

/** Shared rows, then apart, then edited; what is left is to come together. */
async function drift(a: Device, b: Device): Promise<void> {
  a.edit(rowId(0), (doc) => {
    for (let n = 0; n < ROWS; n++) addRow(doc, n)
  })
  await within(PATIENCE, 'the rows are on B', reaches(b.doc, [a.doc]))
  await a.saved?.()
  await b.saved?.()
  await Promise.all([a.disconnect(), b.disconnect()])
  editApart(a, 1)
  editApart(b, 2)
}

async function comeTogether(a: Device, b: Device): Promise<void> {
  const both = [reaches(a.doc, [b.doc]), reaches(b.doc, [a.doc])]
  a.connect()
  b.connect()
  await within(PATIENCE, 'both are equal', Promise.all(both))
}

function once(ready: Ready, round: number): Promise<Sample> {
  return withDevices(ready, `apart-${round}`, 2, async ([a, b]) => {
    if (!a || !b) throw new Error('Two devices are needed.')
    await drift(a, b)
    const ms = await timed(() => comeTogether(a, b))
    assertEqual(a.doc, b.doc, ROWS)
    return { ms }
  })
}

/** The same once more, behind a proxy that counts; not timed. */
async function bytesOf({ running }: Ready): Promise<number> {
  const proxy = await startCountingProxy(running.port())
  const a = await running.device('apart-counted', proxy.port)
  const b = await running.device('apart-counted', proxy.port)
  try {
    await drift(a, b)
    const before = proxy.bytes()
    await comeTogether(a, b)
    await a.saved?.()
    await b.saved?.()
    return proxy.bytes() - before
  } finally {
    await a.close()
    await b.close()
    await proxy.stop()
  }
}

/** No network: both differences, encoded and applied. The least bytes, too: each goes up once and down once. */
function floor(): { ms: Promise<number>; bytes: () => number } {
  const [a, b] = [new Y.Doc(), new Y.Doc()]
  const device = (doc: Y.Doc) => ({
    edit: (_row: string, work: (doc: Y.Doc) => void) => doc.transact(() => work(doc)),
  })
  device(a).edit('', (doc) => {
    for (let n = 0; n < ROWS; n++) addRow(doc, n)
  })
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
  const shared = Y.encodeStateVector(a)
  editApart(device(a), 1)
  editApart(device(b), 2)
  let bytes = 0
  const ms = timed(() => {
    const mine = Y.encodeStateAsUpdate(a, shared)
    const theirs = Y.encodeStateAsUpdate(b, shared)
    bytes = 2 * (mine.byteLength + theirs.byteLength)
    Y.applyUpdate(b, mine)
    Y.applyUpdate(a, theirs)
  })
  return { ms, bytes: () => bytes }
}

const bare = { name: 'bare exchange of differences', running: null }

await withAll([yWebsocket, yWebsocketStored, hocuspocus, tideline], async (ready, notes) => {
  const seen: Record<string, Sample> = await inTurns([bare, ...ready], async (one, round) =>
    one.running === null ? { ms: await floor().ms } : once(one, round),
  )
  const least = floor()
  await least.ms
  const bytes = new Map([[bare.name, least.bytes()]])
  for (const one of ready) bytes.set(one.name, await bytesOf(one))
  for (const [name, sample] of Object.entries(seen)) seen[name] = { ...sample, bytes: bytes.get(name) ?? NaN }
  const mine = seen[tideline.name]
  const ahead: Goal[] = [yWebsocket, yWebsocketStored, hocuspocus].flatMap(({ name }) =>
    seen[name] ? [ratio(`time: Tideline / ${name}`, mine?.['ms'], seen[name]['ms'], 1)] : [],
  )
  report({
    title: 'W3: 10,000 edits on each of two devices while apart, 2,000 shared rows, until equal',
    unit: 'ms; bytes over the wire, both ways and both devices',
    seen,
    goals: [...ahead, ratio('bytes: Tideline / least', mine?.['bytes'], seen[bare.name]?.['bytes'], 1.5)],
    notes,
  })
})
process.exit()
