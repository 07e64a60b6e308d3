import { afterAll, describe, expect, test } from 'vitest'
import { openDatabase } from './log.ts'

// What the catalogue must say whatever is added later.

const sql = openDatabase()
afterAll(() => sql.end())

const names = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['name'])

describe('the catalogue', () => {
  test('every table of public has row level security', async () => {
    expect(
      names(
        await sql`select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
      ),
    ).toEqual([])
  })

  test('nobody who is not signed in is granted anything in public, except reading an invitation', async () => {
    expect(
      names(
        await sql`select c.relname as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and has_any_column_privilege('anon', c.oid, 'select, insert, update')`,
      ),
    ).toEqual([])
    expect(
      names(
        await sql`select p.proname as name from pg_proc p
        where p.pronamespace = 'public'::regnamespace and has_function_privilege('anon', p.oid, 'execute')`,
      ),
    ).toEqual(['describe_invitation'])
  })

  test('people may write one table directly: their profile', async () => {
    expect(
      names(
        await sql`select c.relname as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and (has_any_column_privilege('authenticated', c.oid, 'insert, update')
            or has_table_privilege('authenticated', c.oid, 'delete, truncate'))`,
      ),
    ).toEqual(['profiles'])
  })

  test('nothing in private is granted, except what policies call', async () => {
    expect(
      names(
        await sql`select c.relname as name from pg_class c
        where c.relnamespace = 'private'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and (has_table_privilege('anon', c.oid, 'select, insert, update, delete')
            or has_table_privilege('authenticated', c.oid, 'select, insert, update, delete'))`,
      ),
    ).toEqual([])
    expect(
      names(
        await sql`select p.proname as name from pg_proc p
        where p.pronamespace = 'private'::regnamespace
          and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
        order by 1`,
      ),
    ).toEqual([
      'may_hear',
      'may_read_path',
      'may_speak',
      'may_write_path',
      'my_administered_workspace_ids',
      'my_colleague_ids',
      'my_workspace_ids',
      'role_in',
      'uuid_or_null',
    ])
  })

  test('every function fixes its search path, so that nobody’s schema comes before ours', async () => {
    expect(
      names(
        await sql`select p.oid::regprocedure::text as name from pg_proc p
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and not exists (select 1 from unnest(p.proconfig) c where c like 'search_path=%')
          and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
      ),
    ).toEqual([])
  })

  test('every foreign key has an index to be followed backwards by', async () => {
    expect(
      names(
        await sql`select k.conname as name from pg_constraint k
        where k.contype = 'f' and k.connamespace = 'public'::regnamespace
          and not exists (select 1 from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1])`,
      ),
    ).toEqual([])
  })
})
