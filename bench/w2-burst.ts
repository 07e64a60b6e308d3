/** W2: 5,000 edits as fast as possible on A, until B equals A. */
import { withAll, withDevices } from './contenders/all.ts'
import { hocuspocus } from './contenders/hocuspocus.ts'
import { relay } from './contenders/relay.ts'
import { tideline } from './contenders/tideline.ts'
import { yWebsocket, yWebsocketStored } from './contenders/y-websocket.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns, timed, within } from './measure/rounds.ts'
import { addRow, assertEqual, editRow, reaches, rowId } from './measure/rows.ts'

const ROWS = 200
const EDITS = 5_000

const contenders = [relay, yWebsocket, yWebsocketStored, hocuspocus, tideline]

await withAll(contenders, async (ready, notes) => {
  const seen = await inTurns(ready, (one, round) =>
    withDevices(one, `burst-${round}`, 2, async ([a, b]) => {
      if (!a || !b) throw new Error('Two devices are needed.')
      for (let n = 0; n < ROWS; n++) a.edit(rowId(n), (doc) => addRow(doc, n))
      await within(30_000, 'the rows are on B', reaches(b.doc, [a.doc]))
      await a.saved?.()
      const ms = await timed(async () => {
        for (let n = 0; n < EDITS; n++) a.edit(rowId(n % ROWS), (doc) => editRow(doc, n % ROWS, n))
        await within(60_000, 'B equals A', reaches(b.doc, [a.doc]))
      })
      assertEqual(a.doc, b.doc, ROWS)
      return { ms }
    }),
  )
  const ours = seen['Tideline']?.['ms']
  report({
    title: 'W2: 5,000 edits as fast as possible, until B equals A',
    unit: 'ms',
    seen,
    goals: [yWebsocket, hocuspocus].flatMap(({ name }) =>
      seen[name] ? [ratio(`Tideline / ${name}`, ours, seen[name]['ms'], 1)] : [],
    ),
    notes,
  })
})
process.exit()
