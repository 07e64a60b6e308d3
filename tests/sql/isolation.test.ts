import { randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember, anonymousClient, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { board, conversation, op, openDatabase, push, write } from './log.ts'

// A person of another workspace, a visitor and nobody at all, against every table and every function that
// the catalogue knows. A new table is covered by being there; a new function fails until it is decided
// here what strangers get from it.

const sql = openDatabase()
afterAll(() => sql.end())

const nobody = anonymousClient()
const visitor = anonymousClient()
const talk = conversation()
let victim: Person
let colleague: Person
let stranger: Person
let workspace: string
let invitation: { id: string; token: string }
let outsiders: [string, SupabaseClient][]

beforeAll(async () => {
  ;[victim, colleague, stranger] = await Promise.all([
    makePerson('Victim'),
    makePerson('Colleague'),
    makePerson('Stranger'),
  ])
  await visitor.auth.signInAnonymously()
  workspace = await makeWorkspace(victim, 'Secret plans')
  await addMember(workspace, colleague, 'agent')
  await makeWorkspace(stranger, 'Elsewhere')
  await push(victim, [
    op(board(workspace), write('secret'), { client_ids: [4_000_000_123] }),
    op(talk, write('secret'), { workspace }),
  ])
  invitation = (await victim.client.rpc('create_invitation', { workspace, role: 'agent' }))
    .data as typeof invitation
  outsiders = [
    ['stranger', stranger.client],
    ['visitor', visitor],
    ['nobody', nobody],
  ]
})

/** Whatever names one of these is the victim's. */
const marks = () => [workspace, victim.id, colleague.id, talk, invitation.id, 'Secret plans']
const leaks = (answer: unknown) => marks().filter((mark) => JSON.stringify(answer ?? null).includes(mark))

const tables = async () =>
  sql<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    group by c.relname order by c.relname`

/** Everything of the victim's, in every table, as text. */
async function belongings(): Promise<string[]> {
  const rows: string[] = []
  for (const { name } of await tables()) {
    const own = await sql`
      select t::text as row from ${sql(`public.${name}`)} t
      where t::text like any(${marks().map((mark) => `%${mark}%`)}) order by 1`
    rows.push(...own.map(({ row }) => `${name}: ${row as string}`))
  }
  return rows
}

describe('tables', () => {
  test('none of them shows a row of the victim to anybody outside', async () => {
    const names = await tables()
    expect(names.length).toBeGreaterThanOrEqual(8)
    const seen: string[] = []
    for (const { name, columns } of names) {
      for (const [who, client] of outsiders) {
        const answers = await Promise.all([
          client.from(name).select(),
          client.from(name).select('*', { count: 'exact', head: true }),
          ...columns.map((column) => client.from(name).select(column)),
          ...columns.map((column) => client.from(name).select().eq(column, workspace)),
        ])
        const rows: unknown[] = answers.flatMap(({ data }) => (data as unknown[] | null) ?? [])
        if (leaks(rows).length > 0) seen.push(`${who} sees ${name}`)
        // A visitor has a profile of its own; besides, not even the number of rows is told.
        const own = who === 'visitor' && name === 'profiles' ? 1 : 0
        if (who !== 'stranger' && (answers[1]?.count ?? 0) > own) seen.push(`${who} counts ${name}`)
      }
    }
    expect(seen).toEqual([])
  })

  test('none of them reaches the victim through a relation', async () => {
    const paths = [
      ['workspaces', '*, memberships(*), invitations(*), docs(*)'],
      ['memberships', '*, workspaces(*)'],
      ['docs', '*, doc_updates(*), doc_snapshots(*)'],
    ] as const
    for (const [, client] of outsiders) {
      for (const [table, select] of paths) expect(leaks(await client.from(table).select(select))).toEqual([])
    }
  })

  test('none of them lets anybody outside write, change or delete what is the victim’s', async () => {
    const before = await belongings()
    expect(before.length).toBeGreaterThan(10)
    for (const { name, columns } of await tables()) {
      const [row] = await sql`select to_jsonb(t) as row from ${sql(`public.${name}`)} t
        where t::text like any(${marks().map((mark) => `%${mark}%`)}) limit 1`
      const copy = { ...(row?.['row'] as Record<string, unknown> | undefined) }
      for (const [, client] of outsiders) {
        for (const column of columns) {
          await client
            .from(name)
            .update({ [column]: copy[column] ?? null })
            .not(column, 'is', null)
          await client.from(name).delete().not(column, 'is', null)
          await client.from(name).insert({ ...copy, [column]: randomUUID() })
        }
        await client.from(name).insert(copy)
        await client.from(name).upsert(copy)
      }
    }
    expect(await belongings()).toEqual(before)
  })

  test('the log is not open to members either: push and pull are its only doors', async () => {
    const before = await belongings()
    for (const name of ['docs', 'doc_updates', 'doc_snapshots', 'doc_clients']) {
      const answer = await victim.client.from(name).select()
      expect([name, answer.error?.code ?? answer.data]).toEqual([name, '42501'])
      await victim.client.from(name).delete().not('doc_id', 'is', null)
    }
    await victim.client.from('memberships').update({ role: 'owner' }).eq('user_id', colleague.id)
    await colleague.client.from('memberships').update({ role: 'owner' }).eq('user_id', colleague.id)
    await colleague.client.from('workspaces').delete().eq('id', workspace)
    expect(await belongings()).toEqual(before)
  })

  test('`private` cannot be reached at all', async () => {
    for (const [, client] of [...outsiders, ['victim', victim.client] as const]) {
      const other = client.schema('private')
      const answers = [
        await other.from('settings').select(),
        await other.rpc('sign_invitation', { invitation: randomUUID() }),
      ]
      expect(answers.map(({ error }) => error === null)).toEqual([false, false])
    }
  })
})

describe('functions', () => {
  const nothing = async (answer: PromiseLike<{ data: unknown; error: { code: string } | null }>) => {
    const { data, error } = await answer
    expect(leaks([data, error])).toEqual([])
    return { data, code: error?.code }
  }
  const refusedToNobody = '42501'

  /** What each function gives an outsider. `who` is stranger, visitor or nobody. */
  const decisions: Record<string, (who: string, client: SupabaseClient) => Promise<void>> = {
    async create_workspace(who, client) {
      // A person may always make one of its own; only the name is the victim's.
      const { error } = await client.rpc('create_workspace', { name: 'Other plans' })
      expect(error?.code).toBe({ stranger: undefined, visitor: 'PT403', nobody: refusedToNobody }[who])
    },
    async my_workspaces(who, client) {
      const { data, code } = await nothing(client.rpc('my_workspaces'))
      expect(code).toBe(who === 'nobody' ? refusedToNobody : undefined)
      expect(((data as unknown[] | null) ?? []).length > 0).toBe(who === 'stranger')
    },
    async set_member_role(who, client) {
      for (const member of [colleague.id, stranger.id]) {
        const { code } = await nothing(client.rpc('set_member_role', { workspace, member, role: 'owner' }))
        expect(code).toBe(who === 'nobody' ? refusedToNobody : 'PT403')
      }
    },
    async remove_member(who, client) {
      const { code } = await nothing(client.rpc('remove_member', { workspace, member: victim.id }))
      expect(code).toBe(who === 'nobody' ? refusedToNobody : 'PT403')
    },
    async create_invitation(who, client) {
      const { code } = await nothing(client.rpc('create_invitation', { workspace, role: 'owner' }))
      expect(code).toBe(who === 'nobody' ? refusedToNobody : 'PT403')
    },
    async describe_invitation(_, client) {
      // Open to whoever holds the link, and to nobody without it.
      const { data } = await nothing(client.rpc('describe_invitation', { token: invitation.id }))
      expect(data).toMatchObject({ state: 'invalid', workspace_name: null })
    },
    async accept_invitation(who, client) {
      const { code } = await nothing(client.rpc('accept_invitation', { token: invitation.id }))
      expect(code).toBe({ stranger: 'PT404', visitor: 'PT403', nobody: refusedToNobody }[who])
    },
    async revoke_invitation(who, client) {
      const { code } = await nothing(client.rpc('revoke_invitation', { id: invitation.id }))
      expect(code).toBe(who === 'nobody' ? refusedToNobody : 'PT403')
    },
    async push(who, client) {
      const docs = [board(workspace), board(workspace, 'new'), talk, `${talk}/notes`, `ws/${workspace}/inbox`]
      const { data, error } = await client.rpc('push', {
        ops: docs.map((doc) => op(doc, write('x'), { workspace })),
      })
      if (who === 'nobody') expect(error?.code).toBe(refusedToNobody)
      else {
        expect((data as { results: { code: string }[] }).results.map(({ code }) => code)).toEqual(
          docs.map(() => 'not_a_member'),
        )
      }
    },
    async pull(who, client) {
      const docs = [board(workspace), talk, `${talk}/notes`, `ws/${workspace}/inbox`, conversation()]
      const cursors = Object.fromEntries(docs.map((doc) => [doc, { seq: 5, op_id: randomUUID() }]))
      const { data, error } = await client.rpc('pull', { cursors })
      if (who === 'nobody') expect(error?.code).toBe(refusedToNobody)
      else {
        const foreign = { docs: Object.fromEntries(docs.map((doc) => [doc, { error: 'not_a_member' }])) }
        expect(data).toEqual(foreign)
        expect((await client.rpc('pull', { cursors, packed: true })).data).toEqual(foreign)
      }
    },
    async check_installation(_, client) {
      const { code } = await nothing(client.rpc('check_installation'))
      expect(code).toBe(refusedToNobody)
    },
    // Compaction is the secret key's alone.
    async claim_compaction(_, client) {
      const { code } = await nothing(client.rpc('claim_compaction', { docs: [board(workspace)] }))
      expect(code).toBe(refusedToNobody)
    },
    async read_compaction(_, client) {
      const { code } = await nothing(client.rpc('read_compaction', { lease: randomUUID(), cursor: null }))
      expect(code).toBe(refusedToNobody)
    },
    async write_compaction(_, client) {
      const part = { lease: randomUUID(), part: 0, bytes: '', is_last: true }
      const { code } = await nothing(client.rpc('write_compaction', part))
      expect(code).toBe(refusedToNobody)
    },
    async trim_log(_, client) {
      const { code } = await nothing(client.rpc('trim_log'))
      expect(code).toBe(refusedToNobody)
    },
    async attachment_sizes(who, client) {
      const { code } = await nothing(client.rpc('attachment_sizes', { workspace, files: [] }))
      expect(code).toBe(who === 'nobody' ? refusedToNobody : 'PT403')
    },
    // So is the sweep of attachments.
    async next_attachment_scan(_, client) {
      const { code } = await nothing(client.rpc('next_attachment_scan'))
      expect(code).toBe(refusedToNobody)
    },
    async read_attachment_scan(_, client) {
      const place = { doc: board(workspace), snapshot: 0, head: 1, cursor: null }
      const { code } = await nothing(client.rpc('read_attachment_scan', place))
      expect(code).toBe(refusedToNobody)
    },
    async write_attachment_scan(_, client) {
      const found = { doc: board(workspace), snapshot: 0, head: 1, files: [] }
      const { code } = await nothing(client.rpc('write_attachment_scan', found))
      expect(code).toBe(refusedToNobody)
    },
    async claim_leaving_attachments(_, client) {
      const { code } = await nothing(client.rpc('claim_leaving_attachments'))
      expect(code).toBe(refusedToNobody)
    },
    async end_leaving_attachments(_, client) {
      const { code } = await nothing(client.rpc('end_leaving_attachments', { files: [] }))
      expect(code).toBe(refusedToNobody)
    },
  }

  test('each one that the catalogue knows is decided on, and gives strangers nothing', async () => {
    const functions = await sql<{ name: string }[]>`
      select p.proname as name from pg_proc p
      where p.pronamespace = 'public'::regnamespace
        and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      order by 1`
    expect(functions.map(({ name }) => name)).toEqual(Object.keys(decisions).sort())
    const before = await belongings()
    for (const decide of Object.values(decisions)) {
      for (const [who, client] of outsiders) await decide(who, client)
    }
    expect(await belongings()).toEqual(before)
  })

  test('a member who was removed gets what strangers get', async () => {
    const leaver = await makePerson()
    await addMember(workspace, leaver, 'admin')
    await victim.client.rpc('remove_member', { workspace, member: leaver.id })
    for (const [name, decide] of Object.entries(decisions)) {
      if (name !== 'my_workspaces' && name !== 'create_workspace') await decide('stranger', leaver.client)
    }
    expect((await leaver.client.rpc('my_workspaces')).data).toEqual([])
  })
})
