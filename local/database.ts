import postgres, { type Sql } from 'postgres'

export class UnusableDatabase extends Error {
  override name = 'UnusableDatabase'
}

/** A database that restarts is there again in a second or three: postgres.js would wait up to twenty. */
export const reconnectPause = (attempt: number) => Math.min(1, 0.05 * 2 ** attempt)

/** A pool of the stack's own, as superuser. It says nothing: notices quote values. */
export function openPool(url: string, max: number, { forEver = false } = {}): Sql {
  return postgres(url, {
    max,
    ...(forEver ? { idle_timeout: 0, max_lifetime: null } : { idle_timeout: 60 }),
    connect_timeout: 10,
    backoff: reconnectPause,
    onnotice: () => {},
    connection: { application_name: 'tideline', TimeZone: 'UTC' },
  })
}

/** What `DATABASE_URL` names must be able to carry the stack; otherwise say what is missing. */
export async function checkDatabase(sql: Sql): Promise<void> {
  let facts
  try {
    ;[facts] = await sql<{ version: number; name: string; superuser: boolean; pgcrypto: boolean }[]>`
      select current_setting('server_version_num')::int as version, current_user as name,
        (select rolsuper from pg_roles where rolname = current_user) as superuser,
        exists (select from pg_available_extensions where name = 'pgcrypto') as pgcrypto`
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnusableDatabase(`DATABASE_URL cannot be reached: ${reason}`)
  }
  if (!facts) throw new UnusableDatabase('DATABASE_URL gave no answer.')
  if (facts.version < 150_000) {
    throw new UnusableDatabase(
      `DATABASE_URL is a PostgreSQL ${Math.floor(facts.version / 10_000)}. The stack needs 15 or later.`,
    )
  }
  if (!facts.superuser) {
    throw new UnusableDatabase(
      `The role ${facts.name} of DATABASE_URL is not a superuser. The stack makes roles and event triggers: ` +
        `give it one (alter role ${facts.name} superuser), or leave DATABASE_URL out.`,
    )
  }
  if (!facts.pgcrypto) {
    throw new UnusableDatabase(
      'The PostgreSQL of DATABASE_URL lacks the extension pgcrypto. Install its contrib package (postgresql-contrib).',
    )
  }
}

/** One stack per database: two would run every schedule twice. Released with the connection, so also by a crash. */
export async function claimDatabase(url: string): Promise<() => Promise<void>> {
  const sql = openPool(url, 1, { forEver: true })
  const connection = await sql.reserve()
  const release = async () => {
    connection.release()
    await sql.end({ timeout: 2 })
  }
  const end = Date.now() + 5_000
  for (;;) {
    const [lock] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(7301, 2) as taken`
    if (lock?.taken) return release
    if (Date.now() > end) {
      await release()
      throw new UnusableDatabase(
        'Another stack runs on the database of DATABASE_URL. Stop it, or use a database of its own.',
      )
    }
    // A stack that was killed may hold it for a moment more.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
