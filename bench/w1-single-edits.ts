/**
 * W1: one edit every 20 ms, 300 times, on A. How long until it is in the document of B, and how long until PostgreSQL
 * has acknowledged it; beside it, the same edits as bare RPCs, one call each.
 */
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import * as Y from 'yjs'
import { withAll, withDevices, type Ready } from './contenders/all.ts'
import { hocuspocus } from './contenders/hocuspocus.ts'
import { relay } from './contenders/relay.ts'
import { tideline, type RunningTideline } from './contenders/tideline.ts'
import { yWebsocket, yWebsocketStored } from './contenders/y-websocket.ts'
import { atPace } from './measure/pace.ts'
import { ratio, report } from './measure/report.ts'
import { inTurns, isQuick, percentile, within, type Sample } from './measure/rounds.ts'
import { addRow, assertEqual, editRow, reaches, rowId, rowsOf } from './measure/rows.ts'

const EDITS = isQuick ? 100 : 300
const EVERY = 20
// Before it, connections and code are warmed up.
const WARM_UP = 25

const spread = (name: string, spans: readonly number[]): Sample => {
  const warm = spans.slice(WARM_UP)
  if (warm.length !== EDITS || warm.some((span) => !(span >= 0)))
    throw new Error(`${name}: edits are missing.`)
  return { [`${name}P50`]: percentile(warm, 0.5), [`${name}P99`]: percentile(warm, 0.99) }
}

function oneByOne(ready: Ready, round: number): Promise<Sample> {
  return withDevices(ready, `single-${round}`, 2, async ([a, b]) => {
    if (!a || !b) throw new Error('Two devices are needed.')
    const count = EDITS + WARM_UP
    a.edit(rowId(0), (doc) => {
      for (let n = 0; n < count; n++) addRow(doc, n)
    })
    await within(30_000, 'the rows are on B', reaches(b.doc, [a.doc]))
    await a.saved?.()
    await Promise.all(
      [a, b].map((one) => within(30_000, 'they meet', one.inCompany?.() ?? Promise.resolve())),
    )
    const made: number[] = []
    const shown: number[] = []
    const durable: number[] = []
    rowsOf(b.doc).observeDeep((events) => {
      for (const { path } of events) shown[Number(String(path[0]).slice(-6))] ??= performance.now()
    })
    let unsaved: ReadonlySet<string> = new Set()
    a.watchUnsaved?.((now) => {
      for (const row of unsaved) if (!now.has(row)) durable[Number(row.slice(-6))] ??= performance.now()
      unsaved = now
    })
    await atPace(EDITS + WARM_UP, EVERY, (n) => {
      made[n] = performance.now()
      a.edit(rowId(n), (doc) => editRow(doc, n, 3 * n))
    })
    await within(30_000, 'B equals A', reaches(b.doc, [a.doc]))
    await a.saved?.()
    assertEqual(a.doc, b.doc, count)
    const since = (moments: readonly number[]) => made.map((at, n) => (moments[n] ?? NaN) - at)
    return {
      ...spread('seen', since(shown)),
      ...(a.watchUnsaved ? spread('durable', since(durable)) : {}),
    }
  })
}

/** What `push` costs when nothing stands between it and a person: one call an edit, through the same supabase-js. */
async function bareCalls(running: RunningTideline, round: number): Promise<Sample> {
  const client = running.people[0]?.client
  if (!client) throw new Error('There is nobody.')
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const spans: number[] = []
  const calls: Promise<void>[] = []
  const push = async (n: number) => {
    const begun = performance.now()
    doc.transact(() => addRow(doc, n))
    const update = Buffer.from(updates[n] ?? []).toString('base64')
    const op = {
      doc: running.documentOf(`bare-${round}`),
      op_id: randomUUID(),
      update,
      client_ids: [doc.clientID],
    }
    const { data, error } = await client.rpc('push', { ops: [op] })
    if (error) throw error
    if (data.results[0]?.status !== 'accepted') throw new Error('A bare push was refused.')
    spans[n] = performance.now() - begun
  }
  await atPace(EDITS + WARM_UP, EVERY, (n) => void calls.push(push(n)))
  await Promise.all(calls)
  return spread('durable', spans)
}

await withAll([relay, yWebsocket, yWebsocketStored, hocuspocus, tideline], async (ready, notes) => {
  const ours = ready.find(({ name }) => name === tideline.name)
  const bare = { name: 'bare RPC', running: ours?.running as RunningTideline }
  const seen = await inTurns([...ready, bare], (one, round) =>
    one === bare ? bareCalls(bare.running, round) : oneByOne(one, round),
  )
  const mine = seen[tideline.name]
  const theirs = seen[yWebsocket.name]
  const floor = seen[bare.name]
  report({
    title: 'W1: one edit every 20 ms, 300 times, A → document of B',
    unit: 'ms',
    seen,
    goals: [
      ratio('seen by B, p50: Tideline / y-websocket', mine?.['seenP50'], theirs?.['seenP50'], 1),
      ratio('seen by B, p99: Tideline / y-websocket', mine?.['seenP99'], theirs?.['seenP99'], 1),
      ratio('durable, p50: Tideline / bare RPC', mine?.['durableP50'], floor?.['durableP50'], 1.3),
    ],
    notes,
  })
})
process.exit()
