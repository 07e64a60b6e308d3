import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { checkDatabase, claimDatabase } from '../../local/database.ts'
import { migrate, seedOnce } from '../../local/migrate.ts'
import { installPlatform } from '../../local/platform/index.ts'
import { type FreshDatabase, makeDatabase } from '../harness/fresh-database.ts'

// On databases of their own beside the stack's.

let folder: string
let database: FreshDatabase
let sql: Sql
const warnings: string[] = []
const log = { info() {}, warn: (line: string) => void warnings.push(line) }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-migrations-'))
  database = await makeDatabase(inject('stack').DATABASE_URL)
  sql = postgres(database.url, { max: 2, onnotice() {} })
  warnings.length = 0
})

afterEach(async () => {
  await sql.end()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const write = (name: string, body: string) => writeFile(join(folder, name), body)
const run = () => migrate(sql, folder, log)
const versions = async () =>
  (
    await sql<{ version: string }[]>`select version from supabase_migrations.schema_migrations order by 1`
  ).map(({ version }) => version)

describe('migrations', () => {
  test('run in the order of their versions, once each, and are recorded as the CLI records them', async () => {
    await write('2_second.sql', 'insert into t values (2);')
    await write('1_first.sql', 'create table t (n int); insert into t values (1);')
    await write('notes.md', 'no migration')
    expect(await run()).toEqual({ applied: ['1', '2'], total: 2, latest: '2' })
    expect(await run()).toEqual({ applied: [], total: 2, latest: '2' })
    expect(await sql`select n from t order by n`).toEqual([{ n: 1 }, { n: 2 }])
    const [row] = await sql`select * from supabase_migrations.schema_migrations where version = '1'`
    expect(row).toMatchObject({ version: '1', name: 'first' })
    expect(warnings).toEqual([])
  })

  test('one that fails leaves nothing of itself, names its file and line, and stops the rest', async () => {
    await write('1_good.sql', 'create table good (n int);')
    await write('2_bad.sql', 'create table half (n int);\n\nselect * from missing;')
    await write('3_never.sql', 'create table never (n int);')
    await expect(run()).rejects.toThrow(/2_bad\.sql, line 3: .*missing.*Nothing of it was applied/)
    expect(await versions()).toEqual(['1'])
    const [row] = await sql`select to_regclass('half') as half, to_regclass('never') as never`
    expect(row).toEqual({ half: null, never: null })
  })

  test('one that was changed after it had been applied is told, and not run again', async () => {
    await write('1_first.sql', 'create table t (n int);')
    await run()
    await write('1_first.sql', 'create table t (n int, m int);')
    await run()
    expect(warnings).toEqual([expect.stringContaining('1_first was changed after it had been applied')])
  })

  test('what the CLI applied is taken as applied', async () => {
    await write('1_first.sql', 'create table t (n int);')
    await run()
    await sql`update supabase_migrations.schema_migrations set statements = ${['create table t', '(n int)']}`
    expect((await run()).applied).toEqual([])
    expect(warnings).toEqual([])
  })

  test('the seed is sown once', async () => {
    await run()
    await write('seed.sql', 'create table seeded (n int);')
    await seedOnce(sql, join(folder, 'seed.sql'))
    await seedOnce(sql, join(folder, 'seed.sql'))
    await seedOnce(sql, join(folder, 'no-seed.sql'))
    expect((await sql`select to_regclass('seeded') as seeded`)[0]).toEqual({ seeded: 'seeded' })
  })
})

describe('a database of one’s own', () => {
  test('a role that may not make roles is told what it lacks, and nothing is laid', async () => {
    const role = `weak_${database.url.slice(-6)}`
    await sql.unsafe(`create role ${role} login password 'weak'`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'weak'
    const weak = postgres(url.href, { max: 1, onnotice() {} })
    await expect(checkDatabase(weak)).rejects.toThrow(`The role ${role} of DATABASE_URL is not a superuser`)
    await weak.end()
    await sql.unsafe(`drop role ${role}`)
    expect(await sql`select to_regnamespace('auth') as auth`).toEqual([{ auth: null }])
    await expect(checkDatabase(sql)).resolves.toBeUndefined()
  })
})

describe('two stacks', () => {
  test('do not share a database, until the first lets go of it', async () => {
    const release = await claimDatabase(database.url)
    await expect(claimDatabase(database.url)).rejects.toThrow('Another stack runs on the database')
    await release()
    await (
      await claimDatabase(database.url)
    )()
  })
})

describe('the platform beneath them', () => {
  test('is laid again without harm, and keeps a default grant that a migration took back', async () => {
    await installPlatform(sql)
    await sql`create table before (n int)`
    await sql.unsafe('alter default privileges in schema public revoke all on tables from anon')
    await installPlatform(sql)
    await sql`create table after (n int)`
    const [row] = await sql`
      select has_table_privilege('anon', 'before', 'select') as before, has_table_privilege('anon', 'after', 'select') as after,
        has_table_privilege('authenticated', 'after', 'select') as member`
    expect(row).toEqual({ before: true, after: false, member: true })
  })

  test('two databases of one cluster may be laid at the same moment', async () => {
    const others = await Promise.all([1, 2, 3].map(() => makeDatabase(inject('stack').DATABASE_URL)))
    const pools = others.map(({ url }) => postgres(url, { max: 1, onnotice() {} }))
    await Promise.all(pools.map((pool) => installPlatform(pool)))
    for (const pool of pools) expect(await pool`select auth.uid() as uid`).toEqual([{ uid: null }])
    await Promise.all(pools.map((pool) => pool.end()))
    await Promise.all(others.map((other) => other.drop()))
  })
})
