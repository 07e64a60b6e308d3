import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addMember,
  adminClient,
  anonymousClient,
  makePerson,
  makeWorkspace,
  type Person,
  type Role,
} from '../harness/people.ts'
import { openDatabase } from './log.ts'

const sql = openDatabase()
afterAll(() => sql.end())

const roleOf = async (workspace: string, person: Person) =>
  (await sql`select role from memberships where workspace_id = ${workspace} and user_id = ${person.id}`)[0]?.[
    'role'
  ] ?? null

describe('making a workspace', () => {
  test('[W1] its maker owns it and sees it', async () => {
    const person = await makePerson()
    const workspace = await makeWorkspace(person, '  Café São João  ')
    const { data } = await person.client.rpc('my_workspaces')
    expect(data).toEqual([
      {
        id: workspace,
        name: 'Café São João',
        slug: expect.stringMatching(/^cafe-sao-joao/) as string,
        role: 'owner',
      },
    ])
    expect((await person.client.from('workspaces').select('name')).data).toEqual([{ name: 'Café São João' }])
  })

  test('the same name again, in parallel, gets another slug', async () => {
    const person = await makePerson()
    await Promise.all(Array.from({ length: 8 }, () => makeWorkspace(person, 'Twins')))
    const { data } = await person.client.rpc('my_workspaces')
    expect(new Set((data as { slug: string }[]).map((workspace) => workspace.slug)).size).toBe(8)
  })

  test.each(['', '   ', 'x'.repeat(81), null])('the name %j is refused', async (name) => {
    const { error } = await (await makePerson()).client.rpc('create_workspace', { name })
    expect(error).toMatchObject({ code: 'PT400', details: 'bad_request' })
  })

  test.each(['日本語', '!!!', '-- drop --', "Robert'); drop table workspaces;--"])(
    'the name %j gets a slug',
    async (name) => {
      const person = await makePerson()
      await makeWorkspace(person, name)
      const { data } = await person.client.rpc('my_workspaces')
      expect(data).toMatchObject([
        { name, slug: expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/) as string },
      ])
    },
  )
})

describe('roles', () => {
  let owner: Person
  let people: Record<Role, Person>
  let workspace: string

  beforeAll(async () => {
    const [admin, agent, viewer] = await Promise.all([
      makePerson(),
      makePerson(),
      makePerson(),
      (owner = await makePerson()),
    ])
    people = { owner, admin, agent, viewer }
    workspace = await makeWorkspace(owner)
    for (const role of ['admin', 'agent', 'viewer'] as const) await addMember(workspace, people[role], role)
  })

  const attempts: [by: Role, from: Role, to: Role, outcome: string][] = [
    ['owner', 'agent', 'owner', 'done'],
    ['owner', 'admin', 'viewer', 'done'],
    ['admin', 'agent', 'admin', 'done'],
    ['admin', 'viewer', 'agent', 'done'],
    ['admin', 'agent', 'owner', 'not_allowed'],
    ['admin', 'owner', 'viewer', 'not_allowed'],
    ['agent', 'viewer', 'agent', 'not_allowed'],
    ['viewer', 'viewer', 'admin', 'not_allowed'],
  ]
  test.each(attempts)('[W2] %s makes %s %s: %s', async (by, from, to, outcome) => {
    const member = await makePerson()
    await addMember(workspace, member, from)
    const { error } = await people[by].client.rpc('set_member_role', {
      workspace,
      member: member.id,
      role: to,
    })
    expect(error?.details ?? 'done').toBe(outcome)
    expect(await roleOf(workspace, member)).toBe(outcome === 'done' ? to : from)
  })

  test.each<[Role, Role, string]>([
    ['owner', 'owner', 'done'],
    ['owner', 'admin', 'done'],
    ['admin', 'agent', 'done'],
    ['admin', 'admin', 'done'],
    ['admin', 'owner', 'not_allowed'],
    ['agent', 'viewer', 'not_allowed'],
    ['viewer', 'agent', 'not_allowed'],
  ])('[W2] %s removes %s: %s', async (by, whom, outcome) => {
    const member = await makePerson()
    await addMember(workspace, member, whom)
    const { error } = await people[by].client.rpc('remove_member', { workspace, member: member.id })
    expect(error?.details ?? 'done').toBe(outcome)
    expect(await roleOf(workspace, member)).toBe(outcome === 'done' ? null : whom)
  })

  test('[W2] an admin does not make itself an owner', async () => {
    const { error } = await people.admin.client.rpc('set_member_role', {
      workspace,
      member: people.admin.id,
      role: 'owner',
    })
    expect(error).toMatchObject({ code: 'PT403', details: 'not_allowed' })
  })

  test('[W2] everybody may leave, and is out at once', async () => {
    const member = await makePerson()
    await addMember(workspace, member, 'viewer')
    expect((await member.client.from('memberships').select()).data?.length).toBeGreaterThan(1)
    expect((await member.client.rpc('remove_member', { workspace, member: member.id })).error).toBeNull()
    expect((await member.client.from('memberships').select()).data).toEqual([])
    expect((await member.client.rpc('my_workspaces')).data).toEqual([])
  })

  test('[W1] the last owner neither leaves nor steps down', async () => {
    const alone = await makePerson()
    const own = await makeWorkspace(alone)
    const leave = await alone.client.rpc('remove_member', { workspace: own, member: alone.id })
    const stepDown = await alone.client.rpc('set_member_role', {
      workspace: own,
      member: alone.id,
      role: 'agent',
    })
    expect([leave.error, stepDown.error]).toMatchObject([
      { code: 'PT409', details: 'last_owner' },
      { code: 'PT409', details: 'last_owner' },
    ])
    expect(await roleOf(own, alone)).toBe('owner')
  })

  test('unknown roles, members and workspaces are told apart from rights', async () => {
    const { client } = owner
    const member = people.agent.id
    const errors = await Promise.all([
      client.rpc('set_member_role', { workspace, member, role: 'god' }),
      client.rpc('set_member_role', { workspace, member, role: null }),
      client.rpc('set_member_role', { workspace, member: randomUUID(), role: 'agent' }),
      client.rpc('remove_member', { workspace, member: randomUUID() }),
      client.rpc('remove_member', { workspace: randomUUID(), member }),
      client.rpc('set_member_role', { workspace: null, member, role: 'agent' }),
    ])
    expect(errors.map(({ error }) => error?.details)).toEqual([
      'bad_request',
      'bad_request',
      'no_such_member',
      'no_such_member',
      'not_a_member',
      'not_a_member',
    ])
  })
})

describe('profiles', () => {
  const signUp = async (metadata: Record<string, unknown>) => {
    const email = `ana.${randomUUID()}@example.com`
    const { data, error } = await adminClient().auth.admin.createUser({
      email,
      password: 'long enough',
      email_confirm: true,
      user_metadata: metadata,
    })
    expect(error).toBeNull()
    const [profile] =
      await sql`select display_name, locale from profiles where user_id = ${data.user?.id ?? ''}`
    return { profile, email }
  }

  test('are made at sign-up, from the name given or from the address', async () => {
    expect((await signUp({ display_name: ' Ana ', locale: 'pt-BR' })).profile).toEqual({
      display_name: 'Ana',
      locale: 'pt-BR',
    })
    const { profile, email } = await signUp({})
    expect(profile).toEqual({ display_name: email.split('@')[0], locale: null })
  })

  test.each([
    { display_name: 'x'.repeat(500), locale: 'not a locale' },
    { display_name: { a: 1 }, locale: 7 },
    { display_name: '   ' },
    { display_name: null, locale: '' },
  ])('[W6] %j never keeps a person from signing up', async (metadata) => {
    const { profile } = await signUp(metadata)
    expect(profile?.['display_name'].length).toBeGreaterThan(0)
    expect(profile?.['locale']).toBeNull()
  })

  test('[W6] a database that refuses a profile lets people in all the same', async () => {
    await sql`alter table profiles add constraint nobody check (display_name <> 'Nobody at all') not valid`
    try {
      expect((await signUp({ display_name: 'Nobody at all' })).profile).toBeUndefined()
    } finally {
      await sql`alter table profiles drop constraint nobody`
    }
  })

  test('are changed by their person alone, and only in name and language', async () => {
    const [ana, bea] = await Promise.all([makePerson('Ana'), makePerson('Bea')])
    const shared = await makeWorkspace(ana)
    await addMember(shared, bea, 'admin')
    await bea.client.from('profiles').update({ display_name: 'Beatriz' }).eq('user_id', bea.id)
    await bea.client.from('profiles').update({ display_name: 'Stolen' }).eq('user_id', ana.id)
    await bea.client.from('profiles').update({ user_id: randomUUID() }).eq('user_id', bea.id)
    const { data } = await ana.client.from('profiles').select('display_name').order('display_name')
    expect(data).toEqual([{ display_name: 'Ana' }, { display_name: 'Beatriz' }])
  })

  test('that were never made can be written by their person', async () => {
    const person = await makePerson()
    await sql`delete from profiles where user_id = ${person.id}`
    const stolen = await person.client.from('profiles').insert({ user_id: randomUUID(), display_name: 'x' })
    expect(stolen.error).not.toBeNull()
    const { error } = await person.client.from('profiles').insert({ user_id: person.id, display_name: 'Ana' })
    expect(error).toBeNull()
  })
})

test('a visitor without an account makes no workspace', async () => {
  const client = anonymousClient()
  const { error } = await client.auth.signInAnonymously()
  expect(error).toBeNull()
  const made = await client.rpc('create_workspace', { name: 'Mine' })
  expect(made.error).toMatchObject({ code: 'PT403', details: 'account_needed' })
})
