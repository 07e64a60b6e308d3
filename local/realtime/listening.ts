// Holds one connection that listens, and takes a new one when it is gone. Each is a client of its own and
// each question to it has a deadline: the library's own reconnect can leave a query unanswered for ever
// when the server ends a connection at the wrong moment, and then nobody would listen again.

import { setTimeout as sleep } from 'node:timers/promises'
import postgres, { type Sql } from 'postgres'
import { errorCode, type Log } from '../log.ts'
import { answered } from './deadline.ts'

interface Hooks {
  announced(payload: string): void
  /** It listens again; what was announced meanwhile was announced to nobody. */
  returned(): void
}

interface Connection {
  sql: Sql
  closed: Promise<void>
}

export class Listening {
  #stopped = false
  #current: Sql | null = null
  #following: Promise<void> = Promise.resolve()

  constructor(
    private readonly url: string,
    private readonly log: Log,
    private readonly hooks: Hooks,
    private readonly lookMs: number,
  ) {}

  /** Somebody listens to the feed; without it no message of the database reaches a socket. */
  get up(): boolean {
    return this.#current !== null
  }

  async start(): Promise<void> {
    const first = await this.#connect()
    this.#following = this.#follow(first)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#current?.end({ timeout: 1 })
    await this.#following
  }

  async #follow(first: Connection): Promise<void> {
    let connection = first
    for (let pause = 50; !this.#stopped;) {
      await this.#untilLost(connection)
      while (!this.#stopped) {
        try {
          connection = await this.#connect()
          pause = 50
          this.hooks.returned()
          break
        } catch (error) {
          if (this.#stopped) return
          this.log.warn(
            `Realtime: nobody listens to the feed (${errorCode(error)}). Trying again in ${pause} ms.`,
          )
          await sleep(pause, undefined, { ref: false })
          pause = Math.min(5_000, pause * 2)
        }
      }
    }
  }

  async #connect(): Promise<Connection> {
    let lost = () => {}
    const closed = new Promise<void>((resolve) => (lost = resolve))
    const sql = postgres(this.url, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      fetch_types: false,
      connect_timeout: 10,
      connection: { application_name: 'realtime_feed' },
      onnotice: () => {},
      onnotify: (_channel: string, payload: string) => this.hooks.announced(payload),
      onclose: () => lost(),
    } as postgres.Options<Record<string, never>>) // `onnotify` is missing in the library's types
    try {
      await answered(Promise.race([sql`listen realtime_feed`, closed.then(gone)]))
    } catch (error) {
      void sql.end({ timeout: 0 }).catch(() => {})
      throw error
    }
    this.#current = sql
    return { sql, closed }
  }

  // A connection may also die without a word; asking now and then finds that.
  async #untilLost({ sql, closed }: Connection): Promise<void> {
    const over = new AbortController()
    const asking = (async () => {
      for (;;) {
        await sleep(this.lookMs, undefined, { ref: false, signal: over.signal })
        await answered(sql`select 1`)
      }
    })()
    await Promise.race([closed, asking.catch(() => {})])
    over.abort()
    this.#current = null
    await sql.end({ timeout: 0 }).catch(() => {})
  }
}

function gone(): never {
  throw new Error('the connection was closed')
}
