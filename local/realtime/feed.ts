// Reads `_realtime.feed` as it grows, each row once. NOTIFY brings a row's number as soon as its
// transaction commits. A notification can be lost (the listening connection breaks, and what commits
// meanwhile is announced to nobody), so a sweep asks for every row that a remembered snapshot does not
// contain: when the connection is back, and now and then besides.
//
// `#swept` is the snapshot of the last sweep: every row in it has been taken. `#settled` is the one
// before: rows in it are no longer remembered in `#taken` by number, and one that is announced late is
// recognised by its transaction instead.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { errorCode, type Log } from '../log.ts'
import { answered } from './deadline.ts'
import { Listening } from './listening.ts'
import type { StoredMessage } from './stored-message.ts'

export interface FeedChange {
  seq: string
  schema: string
  table: string
  type: string
}

export interface FeedReader {
  message(row: StoredMessage, transaction: bigint): void
  change(row: FeedChange): void
  /** The set of published tables changed. */
  publication(): void
  /** False: nobody would hear of a change, so its row need not be read. */
  wantsChanges(): boolean
}

type FeedRow = { seq: string; xact: string; settled: boolean; message: string | null } & StoredMessage &
  Omit<FeedChange, 'seq'>

export class Feed {
  #listening: Listening
  #taken = new Map<string, number>()
  #generation = 0
  #swept = ''
  #settled = ''
  #queue: { seq: string; settled: string }[] = []
  #reading: Promise<void> | null = null
  #sweepWanted = false
  #sweeping: Promise<void> | null = null
  #stopped = false
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly sql: Sql,
    databaseUrl: string,
    private readonly log: Log,
    private readonly reader: FeedReader,
    private readonly sweepMs: number,
  ) {
    const hooks = { announced: (payload: string) => this.#announced(payload), returned: () => this.#sweep() }
    this.#listening = new Listening(databaseUrl, log, hooks, sweepMs)
  }

  get up(): boolean {
    return this.#listening.up
  }

  async start(): Promise<void> {
    await this.#listening.start()
    const rows = await this.sql<{ now: string }[]>`select pg_current_snapshot()::text as now`
    this.#swept = this.#settled = rows[0]?.now ?? ''
    this.#timer = setInterval(() => this.#sweep(), this.sweepMs)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#listening.stop()
    await this.#reading
    await this.#sweeping
  }

  #announced(payload: string): void {
    if (payload === 'publication') return this.reader.publication()
    const [seq = '', kind] = payload.split(' ')
    if (kind === 'change' && !this.reader.wantsChanges()) return
    this.#take(seq)
  }

  // A row is taken with the snapshot of its hour: what that snapshot already contains was taken before.
  #take(seq: string): void {
    if (this.#taken.has(seq)) return
    this.#taken.set(seq, this.#generation)
    this.#queue.push({ seq, settled: this.#settled })
    this.#reading ??= this.#read().finally(() => (this.#reading = null))
  }

  // Whatever is announced while one query runs is read by the next, in the order of the announcements.
  async #read(): Promise<void> {
    for (let pause = 50; this.#queue.length > 0 && !this.#stopped;) {
      const batch = this.#queue.slice(0, 500)
      try {
        const rows = await answered(this.#rows(batch))
        this.#queue.splice(0, batch.length)
        pause = 50
        for (const row of rows) this.#hand(row)
      } catch (error) {
        if (this.#stopped) return
        this.log.warn(
          `Realtime: the feed could not be read (${errorCode(error)}). Trying again in ${pause} ms.`,
        )
        await sleep(pause, undefined, { ref: false })
        pause = Math.min(5_000, pause * 2)
      }
    }
  }

  #rows(batch: { seq: string; settled: string }[]): Promise<FeedRow[]> {
    return this.sql<FeedRow[]>`
      select f.seq::text, f.xact::text, pg_visible_in_snapshot(f.xact, wanted.settled::pg_snapshot) as settled,
        f.message, m.id, m.topic, m.event, m.private, m.payload::text as payload, m.binary_payload,
        f.change ->> 'schema' as schema, f.change ->> 'table' as "table", f.change ->> 'type' as type
      from rows from (jsonb_to_recordset(${JSON.stringify(batch)}::text::jsonb) as (seq text, settled text))
        with ordinality as wanted (seq, settled, place)
      join _realtime.feed f on f.seq = wanted.seq::bigint
      left join realtime.messages m on m.id = f.message
      order by wanted.place`
  }

  #hand(row: FeedRow): void {
    if (row.settled) return
    try {
      if (row.message === null) this.reader.change(row)
      else if (row.id !== null) this.reader.message(row, BigInt(row.xact))
    } catch (error) {
      this.log.warn(`Realtime: row ${row.seq} of the feed could not be delivered (${errorCode(error)}).`)
    }
  }

  // One at a time; asked for while one runs, another follows it. One that fails is tried again.
  #sweep(): void {
    if (this.#swept === '') return
    this.#sweepWanted = true
    this.#sweeping ??= this.#sweepWhileWanted().finally(() => (this.#sweeping = null))
  }

  async #sweepWhileWanted(): Promise<void> {
    for (let pause = 50; this.#sweepWanted && !this.#stopped;) {
      this.#sweepWanted = false
      try {
        await this.#sweepOnce()
        pause = 50
      } catch (error) {
        if (this.#stopped) return
        this.#sweepWanted = true
        this.log.warn(
          `Realtime: the feed could not be swept (${errorCode(error)}). Trying again in ${pause} ms.`,
        )
        await sleep(pause, undefined, { ref: false })
        pause = Math.min(5_000, pause * 2)
      }
    }
  }

  async #sweepOnce(): Promise<void> {
    const query = this.sql<{ now: string; seq: string | null; is_change: boolean }[]>`
      with seen as (select ${this.#swept}::text::pg_snapshot as snapshot)
      select pg_current_snapshot()::text as now, f.seq::text, f.message is null as is_change from seen
      left join _realtime.feed f on f.xact >= pg_snapshot_xmin(seen.snapshot)
        and not pg_visible_in_snapshot(f.xact, seen.snapshot)
      order by f.seq`
    const rows = await answered(query)
    for (const row of rows) {
      if (row.seq !== null && (!row.is_change || this.reader.wantsChanges())) this.#take(row.seq)
    }
    this.#settled = this.#swept
    this.#swept = rows[0]?.now ?? this.#swept
    this.#generation += 1
    for (const [seq, generation] of this.#taken) {
      if (generation < this.#generation - 1) this.#taken.delete(seq)
    }
  }
}
