/** W5: 50 devices with one document, one of them writes 50 edits a second for 10 s: how long until all have each. */
import { performance } from 'node:perf_hooks'
import { withAll, withDevices, type Ready } from './contenders/all.ts'
import { hocuspocus } from './contenders/hocuspocus.ts'
import { relay } from './contenders/relay.ts'
import { tideline } from './contenders/tideline.ts'
import { yWebsocket } from './contenders/y-websocket.ts'
import { atPace } from './measure/pace.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns, isQuick, percentile, within, type Sample } from './measure/rounds.ts'
import { addRow, assertEqual, editRow, reaches, rowId, rowsOf } from './measure/rows.ts'

const DEVICES = 50
const EVERY = 20
const EDITS = isQuick ? 100 : 500

function oneWrites(ready: Ready, round: number): Promise<Sample> {
  return withDevices(ready, `fifty-${round}`, DEVICES, async ([writer, ...others]) => {
    if (!writer) throw new Error('A device is needed.')
    writer.edit(rowId(0), (doc) => {
      for (let n = 0; n < EDITS; n++) addRow(doc, n)
    })
    const all = () => Promise.all(others.map(({ doc }) => reaches(doc, [writer.doc])))
    await within(30_000, 'the rows are everywhere', all())
    await writer.saved?.()
    await within(30_000, 'they meet', writer.inCompany?.() ?? Promise.resolve())
    const made: number[] = []
    const left = Array.from({ length: EDITS }, () => others.length)
    const everywhere: number[] = []
    for (const { doc } of others) {
      const missing = new Set(left.keys())
      rowsOf(doc).observeDeep((events) => {
        for (const { path } of events) {
          const row = Number(String(path[0]).slice(-6))
          if (!missing.delete(row)) continue
          left[row] = (left[row] ?? 0) - 1
          if (left[row] === 0) everywhere[row] = performance.now()
        }
      })
    }
    const before = ready.running.cpuSeconds()
    await atPace(EDITS, EVERY, (n) => {
      made[n] = performance.now()
      writer.edit(rowId(n), (doc) => editRow(doc, n, 3 * n))
    })
    await within(30_000, 'all have everything', all())
    await writer.saved?.()
    const after = ready.running.cpuSeconds()
    for (const { doc } of others) assertEqual(writer.doc, doc, EDITS)
    const spans = made.map((at, n) => (everywhere[n] ?? NaN) - at)
    if (spans.some((span) => !(span >= 0))) throw new Error('An edit did not reach all devices.')
    return {
      p50: percentile(spans, 0.5),
      p99: percentile(spans, 0.99),
      ...(before === null || after === null ? {} : { cpuSeconds: after - before }),
    }
  })
}

await withAll([relay, yWebsocket, hocuspocus, tideline], async (ready, notes) => {
  const seen = await inTurns(ready, oneWrites)
  const mine = seen[tideline.name]
  const against = (name: string, level: number) =>
    seen[name]
      ? (['p50', 'p99', 'cpuSeconds'] as const).map((figure) =>
          ratio(`${figure}: Tideline / ${name}`, mine?.[figure], seen[name]?.[figure], level),
        )
      : []
  report({
    title: 'W5: 50 devices, one writes 50 edits a second for 10 s, until all have each',
    unit: 'ms; processor seconds of the server',
    seen,
    // Level: what two runs of the same may differ by.
    goals: [...against(hocuspocus.name, 1), ...against(yWebsocket.name, 1.1)],
    notes,
  })
})
process.exit()
