/**
 * W4: a fresh device takes 10,000 rows that were written by 20,000 updates, from a server that has been up and from
 * one that has just started.
 */
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import postgres from 'postgres'
import * as Y from 'yjs'
import { withAll, type Ready } from './contenders/all.ts'
import type { Contender, Device } from './contenders/contender.ts'
import { hocuspocus } from './contenders/hocuspocus.ts'
import { tideline, type RunningTideline } from './contenders/tideline.ts'
import { yWebsocket, yWebsocketStored } from './contenders/y-websocket.ts'
import { ratio, report, type Goal } from './measure/report.ts'
import { inTurns, isQuick, timed, within, type Sample } from './measure/rounds.ts'
import { assertEqual, writeHistory } from './measure/rows.ts'

const ROWS = isQuick ? 2_000 : 10_000
const DOCUMENT = 'fresh'
const PATIENCE = 120_000

const { doc: original, updates: history } = writeHistory(ROWS)

/** The log as it is before the schedule has come by, which it does every minute; the other is compacted. */
const uncompacted: Contender = { ...tideline, name: 'Tideline, log not yet compacted' }

/** Into the peers as a client sends them, one message an update; into ours as one line of the log each. */
async function fill({ name, running }: Ready): Promise<void> {
  if (name === uncompacted.name) return fillLog(running as RunningTideline)
  if (name === tideline.name) {
    await fillLog(running as RunningTideline)
    return compact(running as RunningTideline)
  }
  const device = await running.device(DOCUMENT)
  for (const update of history) Y.applyUpdate(device.doc, update)
  await device.saved?.()
  // The document is on another device: the server has read all of it, and so it has been given to the storage.
  const other = await running.device(DOCUMENT)
  await within(PATIENCE, 'the server holds all rows', isWhole(other.doc))
  await device.close()
  await other.close()
  // LevelDB's writes and the debounced store of Hocuspocus (2 s, 10 s at most) end.
  await new Promise((resolve) => setTimeout(resolve, isQuick ? 3_000 : 5_000))
}

async function fillLog({ people, documentOf, keys }: RunningTideline): Promise<void> {
  const sql = postgres(keys.databaseUrl, { max: 1, onnotice() {} })
  // By itself the schedule would compact it between two rounds.
  await sql`update private.log_settings set compact_lines = 1000000, compact_bytes = 1000000000`
  await sql.end()
  const client = people[0]?.client
  for (let start = 0; start < history.length; start += 200) {
    const ops = history.slice(start, start + 200).map((update) => ({
      doc: documentOf(DOCUMENT),
      op_id: randomUUID(),
      update: Buffer.from(update).toString('base64'),
      client_ids: [original.clientID],
    }))
    const answer = await client?.rpc('push', { ops })
    if (answer?.error) throw answer.error
  }
}

/** As the schedule and an operator do it. */
async function compact({ documentOf, keys }: RunningTideline): Promise<void> {
  const answer = await fetch(`${keys.url}/functions/v1/compact`, {
    method: 'POST',
    headers: { apikey: keys.secretKey, authorization: `Bearer ${keys.secretKey}` },
    body: JSON.stringify({ docs: [documentOf(DOCUMENT)] }),
  })
  const done = (await answer.json()) as { compacted?: unknown[] }
  if (done.compacted?.length !== 1) throw new Error(`The log was not compacted: ${answer.status}`)
}

function isWhole(doc: Y.Doc): Promise<void> {
  const client = original.clientID
  const clock = Y.getState(original.store, client)
  return new Promise((resolve) => {
    const look = () => {
      if (Y.getState(doc.store, client) < clock) return
      doc.off('afterAllTransactions', look)
      resolve()
    }
    doc.on('afterAllTransactions', look)
    look()
  })
}

/** From nothing to the whole document, the connection included. */
async function take({ running }: Ready): Promise<number> {
  await running.prepare()
  let device: Device | undefined
  const ms = await timed(async () => {
    device = await running.device(DOCUMENT)
    await within(PATIENCE, 'the fresh device has all rows', isWhole(device.doc))
  })
  if (device) assertEqual(original, device.doc, ROWS)
  await device?.close()
  return ms
}

async function warmAndStarted(one: Ready): Promise<Sample> {
  // While somebody has it open, a server keeps a document in memory.
  const keeper = await one.running.device(DOCUMENT)
  await within(PATIENCE, 'the keeper has all rows', isWhole(keeper.doc))
  const warm = await take(one)
  await keeper.close()
  if (one.name === yWebsocket.name) return { warm }
  await one.running.restart()
  return { warm, started: await take(one) }
}

/** No network: one update, applied. */
function bareApply(): Sample {
  const state = Y.encodeStateAsUpdate(original)
  const begun = performance.now()
  Y.applyUpdate(new Y.Doc(), state)
  return { warm: performance.now() - begun }
}

const bare = { name: 'bare applyUpdate', running: null }

await withAll([yWebsocket, yWebsocketStored, hocuspocus, tideline, uncompacted], async (ready, notes) => {
  for (const one of ready) await fill(one)
  const seen = await inTurns([bare, ...ready], async (one) =>
    one.running === null ? bareApply() : warmAndStarted(one),
  )
  const mine = seen[tideline.name]
  const ahead = (figure: 'warm' | 'started', peers: readonly Contender[]): Goal[] =>
    peers.flatMap(({ name }) =>
      seen[name] ? [ratio(`${figure}: Tideline / ${name}`, mine?.[figure], seen[name][figure], 1)] : [],
    )
  report({
    title: 'W4: a fresh device takes 10,000 rows written by 20,000 updates',
    unit: 'ms; server warm / just started',
    seen,
    goals: [
      ...ahead('warm', [yWebsocket, yWebsocketStored, hocuspocus]),
      ...ahead('started', [yWebsocketStored, hocuspocus]),
    ],
    notes: [...notes, 'A log is compacted by a schedule, at most a minute after it has become long.'],
  })
})
process.exit()
