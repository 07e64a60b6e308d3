import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from 'postgres'
import { errorCode, type Log } from './log.ts'

// Migrations are recorded where the Supabase CLI records them (supabase_migrations.schema_migrations),
// so that either of them can go on from the other.

interface Migration {
  version: string
  name: string
  body: string
}

export interface MigrationReport {
  applied: string[]
  total: number
  latest: string | null
}

export async function migrate(sql: Sql, folder: string, log: Log): Promise<MigrationReport> {
  await sql`create schema if not exists supabase_migrations`
  await sql`
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text
    )`
  const done = new Map(
    (
      await sql<{ version: string; statements: string[] | null }[]>`
        select version, statements from supabase_migrations.schema_migrations`
    ).map((row) => [row.version, row.statements]),
  )
  const migrations = await readMigrations(folder)
  const applied: string[] = []
  for (const migration of migrations) {
    const recorded = done.get(migration.version)
    if (recorded === undefined) {
      await apply(sql, migration)
      applied.push(migration.version)
    } else if (recorded?.length === 1 && digest(recorded[0] ?? '') !== digest(migration.body)) {
      // The CLI records one entry per statement: only what this runner wrote can be compared.
      log.warn(
        `Migration ${migration.version}_${migration.name} was changed after it had been applied. ` +
          'Write a new migration, or start again with --reset.',
      )
    }
  }
  return { applied, total: migrations.length, latest: migrations.at(-1)?.version ?? null }
}

async function apply(sql: Sql, { version, name, body }: Migration): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(body)
      await tx`
        insert into supabase_migrations.schema_migrations (version, name, statements)
        values (${version}, ${name}, ${[body]})`
    })
  } catch (error) {
    const { message, position } = error as { message?: string; position?: string }
    const line = position ? body.slice(0, Number(position)).split('\n').length : undefined
    throw new Error(
      `Migration ${version}_${name}.sql${line ? `, line ${line}` : ''}: ${message ?? errorCode(error)}. Nothing of it was applied.`,
      { cause: error },
    )
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  const migrations: Migration[] = []
  for (const file of names.sort()) {
    const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? []
    if (version && name) migrations.push({ version, name, body: await readFile(join(folder, file), 'utf8') })
  }
  return migrations
}

const digest = (text: string) => createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')

/** Seeds a database that has never been seeded. */
export async function seedOnce(sql: Sql, file: string): Promise<void> {
  await sql`create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null)`
  const body = await readFile(file, 'utf8').catch(() => undefined)
  if (body === undefined) return
  await sql.begin(async (tx) => {
    const taken = await tx`
      insert into supabase_migrations.seed_files (path, hash) values ('supabase/seed.sql', ${digest(body)})
      on conflict do nothing returning path`
    if (taken.length > 0) await tx.unsafe(body)
  })
}
