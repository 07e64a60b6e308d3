import { readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'

/** Roles, schema `realtime` and what the endpoint needs for itself. May be run again; before migrations. */
export async function installRealtimeSchema(sql: Sql): Promise<void> {
  await sql.unsafe(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'))
}
