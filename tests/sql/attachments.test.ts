import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import {
  addMember,
  adminClient,
  anonymousClient,
  makePerson,
  makeWorkspace,
  type Person,
  type Role,
} from '../harness/people.ts'

let people: Record<Role | 'stranger', Person>
let workspace: string
let elsewhere: string

beforeAll(async () => {
  const [owner, admin, agent, viewer, stranger] = await Promise.all([
    makePerson(),
    makePerson(),
    makePerson(),
    makePerson(),
    makePerson(),
  ])
  people = { owner, admin, agent, viewer, stranger }
  workspace = await makeWorkspace(owner)
  elsewhere = await makeWorkspace(stranger)
  for (const role of ['admin', 'agent', 'viewer'] as const) await addMember(workspace, people[role], role)
})

const files = (person: Person) => person.client.storage.from('attachments')
const body = () => new Blob(['hello'], { type: 'text/plain' })
const stored = async (path: string) =>
  (await adminClient().storage.from('attachments').download(path)).data !== null

describe('files of a workspace', () => {
  test.each<[Role | 'stranger', boolean]>([
    ['owner', true],
    ['admin', true],
    ['agent', true],
    ['viewer', false],
    ['stranger', false],
  ])('[T4] %s adds one: %s', async (role, may) => {
    const path = `${workspace}/${randomUUID()}.txt`
    const { error } = await files(people[role]).upload(path, body())
    expect(error === null).toBe(may)
    expect(await stored(path)).toBe(may)
  })

  test('[T4] members read, replace by role, and strangers get nothing by any way of asking', async () => {
    const path = `${workspace}/${randomUUID()}/photo.txt`
    expect((await files(people.agent).upload(path, body())).error).toBeNull()
    expect(await (await files(people.viewer).download(path)).data?.text()).toBe('hello')
    const nobody = anonymousClient().storage.from('attachments')
    for (const door of [files(people.stranger), nobody]) {
      const folder = path.slice(0, path.lastIndexOf('/'))
      const answers = await Promise.all([
        door.download(path),
        door.createSignedUrl(path, 60),
        door.info(path),
        door.update(path, body()),
        door.upload(path, body(), { upsert: true }),
        door.copy(path, `${elsewhere}/stolen.txt`),
        door.move(path, `${elsewhere}/stolen.txt`),
        door.createSignedUploadUrl(`${workspace}/planted.txt`),
      ])
      expect(answers.map(({ error }) => error === null)).toEqual(answers.map(() => false))
      for (const place of ['', workspace, folder]) {
        expect(JSON.stringify((await door.list(place)).data ?? [])).not.toContain('photo')
        expect(JSON.stringify((await door.list(place)).data ?? [])).not.toContain(workspace)
      }
      await door.remove([path])
      const url = door.getPublicUrl(path).data.publicUrl
      expect((await fetch(url, { headers: { apikey: inject('stack').SUPABASE_PUBLISHABLE_KEY } })).ok).toBe(
        false,
      )
    }
    await files(people.viewer).remove([path])
    expect(await stored(path)).toBe(true)
    expect(await stored(`${elsewhere}/stolen.txt`)).toBe(false)
    expect((await files(people.admin).remove([path])).data).toHaveLength(1)
    expect(await stored(path)).toBe(false)
  })

  test('[T4] a member moves no file into a workspace where it may not write', async () => {
    const path = `${workspace}/${randomUUID()}.txt`
    await files(people.agent).upload(path, body())
    expect((await files(people.agent).move(path, `${elsewhere}/gift.txt`)).error).not.toBeNull()
    expect(await stored(path)).toBe(true)
  })

  test.each([
    'file.txt',
    'not-a-uuid/file.txt',
    'UPPER/file.txt',
    'ELSEWHERE/file.txt',
    'WORKSPACE',
    '../WORKSPACE/file.txt',
  ])('[T3] [T4] the path %j is refused and breaks nothing', async (spelling) => {
    const path = spelling
      .replace('WORKSPACE', workspace)
      .replace('ELSEWHERE', elsewhere)
      .replace('UPPER', workspace.toUpperCase())
    const { error } = await files(people.owner).upload(path, body())
    expect(error).not.toBeNull()
    expect((await files(people.owner).upload(`${workspace}/${randomUUID()}`, body())).error).toBeNull()
  })
})
