import { createHmac, randomUUID } from 'node:crypto'
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
let owner: Person
let admin: Person
let agent: Person
let workspace: string

beforeAll(async () => {
  ;[owner, admin, agent] = await Promise.all([makePerson('Olga'), makePerson(), makePerson()])
  workspace = await makeWorkspace(owner, 'Harbour')
  await addMember(workspace, admin, 'admin')
  await addMember(workspace, agent, 'agent')
})
afterAll(() => sql.end())

interface Invitation {
  id: string
  token: string
  expires_at: string
}

async function invite(by: Person, role: Role = 'agent', email?: string): Promise<Invitation> {
  const { data, error } = await by.client.rpc('create_invitation', {
    workspace,
    role,
    ...(email ? { email } : {}),
  })
  if (error) throw Object.assign(new Error(error.message), error)
  return data as Invitation
}

const describeToken = async (token: unknown) =>
  (await anonymousClient().rpc('describe_invitation', { token })).data as { state: string }
const accept = async (person: Person, token: unknown) => person.client.rpc('accept_invitation', { token })
const roleOf = async (person: Person) =>
  (await sql`select role from memberships where workspace_id = ${workspace} and user_id = ${person.id}`)[0]?.[
    'role'
  ] ?? null

describe('a link', () => {
  test('says to anybody what it leads to, and lets one person in as what it says', async () => {
    const { id, token, expires_at } = await invite(owner, 'viewer')
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/)
    expect(new Date(expires_at).getTime()).toBeGreaterThan(Date.now() + 6 * 24 * 3600_000)
    expect(await describeToken(token)).toEqual({
      workspace_name: 'Harbour',
      role: 'viewer',
      inviter: 'Olga',
      state: 'open',
    })
    const guest = await makePerson()
    expect(await accept(guest, token)).toMatchObject({ data: { workspace_id: workspace } })
    expect(await roleOf(guest)).toBe('viewer')
    expect(await describeToken(token)).toMatchObject({ state: 'accepted' })
    expect(await sql`select accepted_by from invitations where id = ${id}`).toEqual([
      { accepted_by: guest.id },
    ])
  })

  test('[W3] is good once', async () => {
    const { token } = await invite(owner)
    const guests = await Promise.all([makePerson(), makePerson(), makePerson()])
    const answers = await Promise.all(guests.map((guest) => accept(guest, token)))
    expect(answers.map(({ error }) => error?.details ?? 'in').sort()).toEqual([
      'in',
      'invitation_accepted',
      'invitation_accepted',
    ])
  })

  test('[W3] is good until it expires', async () => {
    const { id, token } = await invite(owner)
    await sql`update invitations set expires_at = now() where id = ${id}`
    expect(await describeToken(token)).toMatchObject({ state: 'expired' })
    const guest = await makePerson()
    expect((await accept(guest, token)).error).toMatchObject({ code: 'PT410', details: 'invitation_expired' })
    expect(await roleOf(guest)).toBeNull()
  })

  test('[W3] is good until it is withdrawn', async () => {
    const { id, token } = await invite(owner)
    expect((await agent.client.rpc('revoke_invitation', { id })).error).toMatchObject({
      details: 'not_allowed',
    })
    expect((await admin.client.rpc('revoke_invitation', { id })).error).toBeNull()
    expect(await describeToken(token)).toMatchObject({ state: 'revoked' })
    expect((await accept(await makePerson(), token)).error).toMatchObject({
      code: 'PT410',
      details: 'invitation_revoked',
    })
  })

  test('[W3] that names an address is for that address', async () => {
    const [guest, thief] = await Promise.all([makePerson(), makePerson()])
    const { token } = await invite(owner, 'admin', ` ${guest.email.toUpperCase()} `)
    expect((await accept(thief, token)).error).toMatchObject({
      code: 'PT403',
      details: 'invitation_for_another',
    })
    expect((await accept(guest, token)).error).toBeNull()
    expect(await roleOf(guest)).toBe('admin')
  })

  test('[W5] leaves a member’s role alone and stays open', async () => {
    const { token } = await invite(owner, 'viewer')
    expect(await accept(admin, token)).toMatchObject({ data: { workspace_id: workspace } })
    expect(await roleOf(admin)).toBe('admin')
    expect(await describeToken(token)).toMatchObject({ state: 'open' })
  })

  test('[W3] that was forged is invalid, whatever it says', async () => {
    const { id, token } = await invite(owner)
    const [payload = '', signature = ''] = token.split('.')
    const other = Buffer.from(JSON.stringify({ i: randomUUID() })).toString('base64url')
    const spaced = Buffer.from(`{ "i": "${id}" }`).toString('base64url')
    const guessed = createHmac('sha256', 'secret').update(payload).digest('base64url')
    const [{ value: secret } = { value: '' }] = await sql<
      { value: string }[]
    >`select value from private.settings where key = 'invitation_secret'`
    const signed = (text: string) =>
      `${text}.${createHmac('sha256', Buffer.from(secret, 'hex')).update(text).digest('base64url')}`
    // The test knows how to sign, so the forgeries below fail for their own reasons.
    expect(signed(payload)).toBe(token)
    const forgeries = [
      '',
      '.',
      'nonsense',
      payload,
      `${payload}.`,
      `.${signature}`,
      id,
      `${payload}.${guessed}`,
      `${other}.${signature}`,
      `${token}x`,
      `${token}.${signature}`,
      token.toUpperCase(),
      `${payload}.${signature.slice(0, -1)}`,
      signed(spaced),
      signed(other),
      signed(Buffer.from('{"i":"\u0000"}').toString('base64url')),
      signed(Buffer.from('[]').toString('base64url')),
      signed('____'),
      'x'.repeat(1_000_000),
      null,
    ]
    const guest = await makePerson()
    for (const forgery of forgeries) {
      expect(await describeToken(forgery)).toEqual({
        workspace_name: null,
        role: null,
        inviter: null,
        state: 'invalid',
      })
      expect((await accept(guest, forgery)).error).toMatchObject({
        code: 'PT404',
        details: 'invitation_invalid',
      })
    }
    expect(await roleOf(guest)).toBeNull()
  })
})

describe('who may invite whom', () => {
  test.each<[string, Role, string]>([
    ['owner', 'owner', 'made'],
    ['admin', 'admin', 'made'],
    ['admin', 'owner', 'not_allowed'],
    ['agent', 'viewer', 'not_allowed'],
    ['stranger', 'viewer', 'not_a_member'],
  ])('[W2] %s invites as %s: %s', async (by, role, outcome) => {
    const people: Record<string, Person> = { owner, admin, agent, stranger: await makePerson() }
    const { error } = await (people[by] ?? owner).client.rpc('create_invitation', { workspace, role })
    expect(error?.details ?? 'made').toBe(outcome)
  })

  test.each([
    { role: 'god' },
    { role: null },
    { role: 'agent', email: 'no address' },
    { role: 'agent', email: `${'x'.repeat(300)}@example.com` },
  ])('%j is refused', async (wrong) => {
    const { error } = await owner.client.rpc('create_invitation', { workspace, ...wrong })
    expect(error).toMatchObject({ code: 'PT400', details: 'bad_request' })
  })

  test('[W4] links do not outlive the right to have made them', async () => {
    const [second, third] = await Promise.all([makePerson(), makePerson()])
    await addMember(workspace, second, 'owner')
    await addMember(workspace, third, 'admin')
    const asOwner = await invite(second, 'owner')
    const asAgent = await invite(second, 'agent')
    const ofThird = await invite(third, 'viewer')
    await owner.client.rpc('set_member_role', { workspace, member: second.id, role: 'admin' })
    expect([await describeToken(asOwner.token), await describeToken(asAgent.token)]).toMatchObject([
      { state: 'revoked' },
      { state: 'open' },
    ])
    await owner.client.rpc('remove_member', { workspace, member: second.id })
    await third.client.rpc('remove_member', { workspace, member: third.id })
    expect([await describeToken(asAgent.token), await describeToken(ofThird.token)]).toMatchObject([
      { state: 'revoked' },
      { state: 'revoked' },
    ])
  })

  test('[W4] links do not outlive the account that made them', async () => {
    const gone = await makePerson()
    await addMember(workspace, gone, 'admin')
    const { token } = await invite(gone, 'agent')
    await adminClient().auth.admin.deleteUser(gone.id)
    expect(await describeToken(token)).toMatchObject({ state: 'revoked' })
    expect((await accept(await makePerson(), token)).error).toMatchObject({ details: 'invitation_revoked' })
  })

  test('owners and admins see the invitations, others do not, and nobody sees a token', async () => {
    await invite(owner)
    const seen = await Promise.all(
      [owner, admin, agent, await makePerson()].map(
        async ({ client }) => (await client.from('invitations').select()).data,
      ),
    )
    expect(seen.map((rows) => (rows?.length ?? 0) > 0)).toEqual([true, true, false, false])
    expect(Object.keys(seen[0]?.[0] ?? {})).not.toContain('token')
  })

  test('a withdrawn or foreign invitation cannot be withdrawn by strangers, a used one by nobody', async () => {
    const stranger = await makePerson()
    const { id, token } = await invite(owner)
    for (const unknown of [id, randomUUID()]) {
      expect((await stranger.client.rpc('revoke_invitation', { id: unknown })).error).toMatchObject({
        code: 'PT403',
        details: 'not_allowed',
      })
    }
    await accept(await makePerson(), token)
    expect((await owner.client.rpc('revoke_invitation', { id })).error).toMatchObject({
      details: 'invitation_accepted',
    })
  })
})
