import { readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'

/** Roles, schema `realtime` and what the endpoint needs for itself. May be run again; before migrations. */
export async function installRealtimeSchema(sql: Sql): Promise<void> {
  const files = ['./schema.sql', './publication.sql', './changes.sql'].map((name) =>
    readFile(new URL(name, import.meta.url), 'utf8'),
  )
  await sql.unsafe((await Promise.all(files)).join('\n'))
}
