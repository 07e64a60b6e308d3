import { randomUUID } from 'node:crypto'
import type { ReservedSql } from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '../log.ts'
import { Feed } from './feed.ts'
import { installRealtimeSchema } from './index.ts'
import { startDatabase, type TestDatabase } from './testing/database.ts'
import { Inbox } from './testing/inbox.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
let database: TestDatabase
beforeAll(async () => {
  database = await startDatabase()
  await installRealtimeSchema(database.sql)
}, 60_000)
afterAll(() => database.stop())

async function read(sweepMs: number) {
  const seen = new Inbox<string>()
  const reader = {
    message: (row: { event: string }) => seen.put(row.event),
    change: () => {},
    publication: () => {},
    wantsChanges: () => false,
  }
  const feed = new Feed(database.sql, database.url, silentLog, reader, sweepMs)
  await feed.start()
  return { feed, seen }
}

/** mulberry32 */
function numbersFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

describe('the feed', () => {
  test('[D6] a row that nobody announced is found by the sweep', async () => {
    const { feed, seen } = await read(50)
    const message = randomUUID()
    await database.sql.begin(async (tx) => {
      await tx`alter table realtime.messages disable trigger feed_message`
      await tx`insert into realtime.messages (id, topic, extension, event, payload, private)
        values (${message}, 'silent', 'broadcast', 'unannounced', '{}', true)`
      await tx`insert into _realtime.feed (message) values (${message})`
      await tx`alter table realtime.messages enable trigger feed_message`
    })
    expect(await seen.count(1)).toEqual(['unannounced'])
    await feed.stop()
  })

  // Transactions that overlap, commit in another order than they began or not at all; a listening
  // connection that dies in between; sweeps so often that most rows are settled while still under way.
  test.each([1, 20, 100_000])(
    `[D6] each committed row once, sweeping every %d ms (SEED=${seed})`,
    async (sweepMs) => {
      const random = numbersFrom(seed + sweepMs)
      const { feed, seen } = await read(sweepMs)
      const writers = await Promise.all(Array.from({ length: 5 }, () => database.sql.reserve()))
      const committed: string[] = []
      let kills = 0

      const write = async (writer: ReservedSql, name: string) => {
        for (let n = 0; n < 30; n += 1) {
          const events = Array.from(
            { length: 1 + Math.floor(random() * 3) },
            (_, part) => `${name}.${n}.${part}`,
          )
          await writer`begin`
          for (const event of events) await writer`select realtime.send('{}', ${event}, 'feed')`
          if (random() < 0.1) {
            const killed = await writer`select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'realtime_feed' and datname = current_database()`
            kills += killed.length
          }
          const undone = random() < 0.2
          await (undone ? writer`rollback` : writer`commit`)
          if (!undone) committed.push(...events)
        }
        writer.release()
      }
      await Promise.all(writers.map((writer, at) => write(writer, `${sweepMs}.${at}`)))

      const all = await seen.until(
        (events) => events.length >= committed.length,
        `${committed.length} rows`,
        10_000,
      )
      await feed.stop()
      expect([...all].sort()).toEqual(committed.sort())
      expect(kills).toBeGreaterThan(0)
    },
  )
})
