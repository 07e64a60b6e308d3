// A fresh database for one test file: in an embedded PostgreSQL of its own, or in the PostgreSQL that
// TEST_DATABASE_URL names, where the database is dropped again.

import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { silentLog } from '../../log.ts'
import { startPostgres } from '../../postgres.ts'

export interface TestDatabase {
  url: string
  sql: Sql
  stop(): Promise<void>
}

export async function startDatabase(): Promise<TestDatabase> {
  const given = process.env['TEST_DATABASE_URL']
  return given ? databaseWithin(given) : databaseOfItsOwn()
}

async function databaseOfItsOwn(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-test-'))
  await chmod(folder, 0o755) // as root PostgreSQL runs as another user, who has to pass through
  const engine = await startPostgres({ folder: join(folder, 'db'), password: randomUUID(), log: silentLog })
  const sql = connect(engine.url)
  return {
    url: engine.url,
    sql,
    async stop() {
      await sql.end({ timeout: 2 })
      await engine.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function databaseWithin(server: string): Promise<TestDatabase> {
  const name = `realtime_test_${randomUUID().replaceAll('-', '')}`
  const admin = connect(server, 1)
  await admin.unsafe(`create database ${name}`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const sql = connect(url)
  return {
    url,
    sql,
    async stop() {
      await sql.end({ timeout: 2 })
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end({ timeout: 2 })
    },
  }
}

// Not in UTC, as a session of a person in São Paulo would be: what is delivered must not show it.
function connect(url: string, max = 10): Sql {
  return postgres(url, {
    max,
    fetch_types: false,
    onnotice: () => {},
    connection: { TimeZone: 'America/Sao_Paulo' },
  })
}
