import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'

const folder = new URL('./', import.meta.url)

/** Lays what a Supabase project has before our first migration. Safe at every start. */
export async function installPlatform(sql: Sql): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  await sql.begin(async (tx) => {
    // Roles belong to the cluster: two databases of one cluster may be starting at once.
    await tx`select pg_advisory_xact_lock(7301, 1)`
    for (const name of files) await tx.unsafe(await readFile(new URL(name, folder), 'utf8'))
  })
}
