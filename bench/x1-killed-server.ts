/** X1: the server is killed right after its clients saw "synced" on 1,000 edits. What of them is there afterwards? */
import { withAll, type Ready } from './contenders/all.ts'
import type { Device } from './contenders/contender.ts'
import { hocuspocus } from './contenders/hocuspocus.ts'
import { tideline } from './contenders/tideline.ts'
import { yWebsocketStored } from './contenders/y-websocket.ts'
import { report } from './measure/report.ts'
import { inTurns, within, type Sample } from './measure/rounds.ts'
import { addRow, reaches, rowId, rowsOf } from './measure/rows.ts'

const EDITS = 1_000
// A server that reads its documents late says "synced" before it has them.
const PATIENCE_FOR_LATE_READS = 1_000

/** The clients are gone with their memory: only what the server kept comes back. */
async function keptAfter({ running }: Ready, document: string, wait: number): Promise<number> {
  const a = await running.device(document)
  const b = await running.device(document)
  for (let n = 0; n < EDITS; n++) a.edit(rowId(n), (doc) => addRow(doc, n))
  await within(60_000, 'B equals A', reaches(b.doc, [a.doc]))
  await a.saved?.()
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  // Nobody is left who could bring it back.
  const gone = [a.disconnect(), b.disconnect()]
  await running.crash()
  await Promise.all(gone)
  await Promise.all([a.close(), b.close()])
  const late: Device = await running.device(document)
  const whole = new Promise<void>((resolve) => {
    late.doc.on('afterAllTransactions', () => rowsOf(late.doc).size === EDITS && resolve())
  })
  const enough = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_FOR_LATE_READS))
  if (rowsOf(late.doc).size < EDITS) await Promise.race([whole, enough])
  const kept = rowsOf(late.doc).size
  await late.close()
  return kept
}

async function kept(one: Ready, round: number): Promise<Sample> {
  const atOnce = await keptAfter(one, `killed-${round}`, 0)
  const afterOneSecond = await keptAfter(one, `killed-late-${round}`, 1_000)
  if (one.name === tideline.name && atOnce < EDITS)
    throw new Error(`Only ${atOnce} of ${EDITS} edits were kept.`)
  return { atOnce, afterOneSecond }
}

await withAll([yWebsocketStored, hocuspocus, tideline], async (ready, notes) => {
  const seen = await inTurns(ready, kept)
  report({
    title: 'X1: server killed right after its clients saw "synced" on 1,000 edits, and one second later',
    unit: 'edits that are there afterwards',
    seen,
    goals: [
      { what: 'edits lost by Tideline', goal: 0, seen: EDITS - (seen[tideline.name]?.['atOnce'] ?? NaN) },
    ],
    notes,
  })
})
process.exit()
