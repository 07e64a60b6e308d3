import postgres, { type Sql } from 'postgres'

export class UnusableDatabase extends Error {
  override name = 'UnusableDatabase'
}

/** A database that restarts is there again in a second or three: postgres.js would wait up to twenty. */
export const reconnectPause = (attempt: number) => Math.min(1, 0.05 * 2 ** attempt)

/** A pool of the stack's own, as superuser. It says nothing: notices quote values. */
export function openPool(url: string, max: number): Sql {
  return postgres(url, {
    max,
    idle_timeout: 60,
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
