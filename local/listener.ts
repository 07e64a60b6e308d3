import postgres, { type Sql } from 'postgres'
import { reconnectPause } from './database.ts'
import { errorCode, type Log } from './log.ts'

// One connection that hears every channel of the stack. postgres.js gives a channel up for good when
// its first attempt to reconnect fails, as it does while a database restarts: here it is tried until
// it works, and then every listener is told that it may have missed something.

export interface Listener {
  /** `missed` is called once now, and after every time that the connection was lost. */
  listen(channel: string, heard: (payload: string) => void, missed: () => void): Promise<void>
  stop(): Promise<void>
}

interface Channel {
  heard: (payload: string) => void
  missed: () => void
}

const lookEvery = 15_000

export function startListener(databaseUrl: string, log: Log): Listener {
  const channels = new Map<string, Channel>()
  let stopped = false
  let attempt: NodeJS.Timeout | undefined
  let failures = 0

  const options = {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    backoff: reconnectPause,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'tideline listener' },
    // Not in the types of postgres.js, though its own `listen` is built on it.
    onnotify: (channel: string, payload: string) => channels.get(channel)?.heard(payload),
    onclose: () => again(),
  }
  const sql: Sql = postgres(databaseUrl, options)

  function again(): void {
    if (stopped || attempt || channels.size === 0) return
    attempt = setTimeout(
      () => {
        attempt = undefined
        void reconnect()
      },
      Math.min(5_000, 50 * 2 ** failures++),
    )
    attempt.unref()
  }

  async function reconnect(): Promise<void> {
    try {
      for (const channel of channels.keys()) await sql`listen ${sql(channel)}`
      failures = 0
      for (const { missed } of channels.values()) missed()
    } catch (error) {
      if (failures === 1) log.warn(`The database is away (${errorCode(error)}).`)
      again()
    }
  }

  // A connection that died without a word is found by asking.
  const looking = setInterval(() => void sql`select 1`.catch(() => again()), lookEvery)
  looking.unref()

  return {
    async listen(channel, heard, missed) {
      channels.set(channel, { heard, missed })
      await sql`listen ${sql(channel)}`
      missed()
    },
    async stop() {
      stopped = true
      clearInterval(looking)
      clearTimeout(attempt)
      await sql.end({ timeout: 2 })
    },
  }
}
