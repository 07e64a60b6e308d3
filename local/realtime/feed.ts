// Reads `_realtime.feed` as it grows, each row once. NOTIFY brings a row's number as soon as its
// transaction commits. A notification can be lost (the listening connection breaks, and what commits
// meanwhile is announced to nobody), so a sweep asks for every row that a remembered snapshot does not
// contain: when the connection is back, and now and then besides.
//
// `#swept` is the snapshot of the last sweep: every row in it has been taken. `#settled` is the one
// before: rows in it are no longer remembered in `#taken` by number, and one that is announced late is
// recognised by its transaction instead.

import { setTimeout as sleep } from 'node:timers/promises'
import postgres, { type Sql } from 'postgres'
import { errorCode, type Log } from '../log.ts'
import type { StoredMessage } from './stored-message.ts'

export interface FeedChange {
  seq: string
  schema: string
  table: string
  type: string
}

export interface FeedReader {
  message(row: StoredMessage): void
  change(row: FeedChange): void
  /** The set of published tables changed. */
  publication(): void
  /** False: nobody would hear of a change, so its row need not be read. */
  wantsChanges(): boolean
}

type FeedRow = { seq: string; settled: boolean; message: string | null } & StoredMessage &
  Omit<FeedChange, 'seq'>

export class Feed {
  #listener: Sql
  #taken = new Map<string, number>()
  #generation = 0
  #swept = ''
  #settled = ''
  #queue: { seq: string; settled: string }[] = []
  #reading: Promise<void> | null = null
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #relisten: Promise<void> | null = null
  #sweeping: Promise<void> = Promise.resolve()

  constructor(
    private readonly sql: Sql,
    databaseUrl: string,
    private readonly log: Log,
    private readonly reader: FeedReader,
    private readonly sweepMs: number,
  ) {
    this.#listener = postgres(databaseUrl, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      fetch_types: false,
      connect_timeout: 10,
      backoff: () => 0.05, // the pauses between attempts are ours
      connection: { application_name: 'realtime_feed' },
      onnotice: () => {},
      onnotify: (_channel: string, payload: string) => this.#announced(payload),
      onclose: () => this.#lost(),
    } as postgres.Options<Record<string, never>>) // `onnotify` is missing in the library's types
  }

  async start(): Promise<void> {
    await this.#listener`listen realtime_feed`
    const rows = await this.sql<{ now: string }[]>`select pg_current_snapshot()::text as now`
    this.#swept = this.#settled = rows[0]?.now ?? ''
    this.#timer = setInterval(() => void this.#look(), this.sweepMs)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#listener.end({ timeout: 1 })
    await this.#reading
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
        const rows = await this.#rows(batch)
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
      select f.seq::text, pg_visible_in_snapshot(f.xact, wanted.settled::pg_snapshot) as settled,
        f.message, m.id, m.topic, m.event, m.private, m.payload::text as payload, m.binary_payload,
        f.change ->> 'schema' as schema, f.change ->> 'table' as "table", f.change ->> 'type' as type
      from unnest(${batch.map((item) => item.seq)}::text[], ${batch.map((item) => item.settled)}::text[])
        with ordinality as wanted (seq, settled, place)
      join _realtime.feed f on f.seq = wanted.seq::bigint
      left join realtime.messages m on m.id = f.message
      order by wanted.place`
  }

  #hand(row: FeedRow): void {
    if (row.settled) return
    try {
      if (row.message === null) this.reader.change(row)
      else if (row.id !== null) this.reader.message(row)
    } catch (error) {
      this.log.warn(`Realtime: row ${row.seq} of the feed could not be delivered (${errorCode(error)}).`)
    }
  }

  #lost(): void {
    if (this.#stopped || this.#swept === '') return
    this.#relisten ??= this.#listenAgain().finally(() => (this.#relisten = null))
  }

  async #listenAgain(): Promise<void> {
    for (let pause = 50; !this.#stopped; pause = Math.min(5_000, pause * 2)) {
      try {
        await this.#listener`listen realtime_feed`
        await this.#sweep()
        return
      } catch (error) {
        if (this.#stopped) return
        this.log.warn(
          `Realtime: the feed is not listening (${errorCode(error)}). Trying again in ${pause} ms.`,
        )
        await sleep(pause, undefined, { ref: false })
      }
    }
  }

  // `listen` again costs nothing where it holds, and finds a connection that died in silence. The sweep
  // does not wait for it.
  async #look(): Promise<void> {
    if (this.#stopped || this.#relisten) return
    void this.#listener`listen realtime_feed`.catch(() => this.#lost())
    try {
      await this.#sweep()
    } catch (error) {
      if (!this.#stopped) this.log.warn(`Realtime: the feed could not be swept (${errorCode(error)}).`)
    }
  }

  #sweep(): Promise<void> {
    const sweep = this.#sweeping.then(() => this.#sweepOnce())
    this.#sweeping = sweep.catch(() => {})
    return sweep
  }

  async #sweepOnce(): Promise<void> {
    const rows = await this.sql<{ now: string; seq: string | null; is_change: boolean }[]>`
      with seen as (select ${this.#swept}::text::pg_snapshot as snapshot)
      select pg_current_snapshot()::text as now, f.seq::text, f.message is null as is_change from seen
      left join _realtime.feed f on f.xact >= pg_snapshot_xmin(seen.snapshot)
        and not pg_visible_in_snapshot(f.xact, seen.snapshot)
      order by f.seq`
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
