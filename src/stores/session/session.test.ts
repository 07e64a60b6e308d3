import { createRoot } from 'solid-js'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeAuth, fakeTeams, freshDevice, lia, norteFrio } from '../../views/testing/fake-app.tsx'
import { ServerRefusal, type AuthPort, type WorkspacePort } from './ports.ts'
import { createSession, type Session } from './session.ts'

const saved = { person: lia, workspaces: [norteFrio], workspaceId: 'w1', access: 'in' }
const away = () => Promise.reject(new ServerRefusal('unreachable', 'no network'))
const start = (auth: Partial<AuthPort> = {}, teams: Partial<WorkspacePort> = {}): Session =>
  createRoot(() => createSession({ auth: fakeAuth(auth), workspaces: fakeTeams(teams) }))

let kept: Map<string, string>
beforeEach(() => {
  kept = freshDevice({ session: saved })
})

describe('starting without a network', () => {
  test('person and workspaces are there at once, and an answer that never comes changes nothing', async () => {
    const session = start({ current: away }, { mine: away })
    expect([session.person()?.name, session.home()?.slug, session.signedIn()]).toEqual([
      lia.name,
      'norte-frio',
      true,
    ])
    await session.resume()
    expect([session.person()?.name, session.home()?.slug, session.signedIn()]).toEqual([
      lia.name,
      'norte-frio',
      true,
    ])
  })
  test('a session that cannot be renewed now is not a session that ended', async () => {
    const session = start({ current: () => Promise.resolve('unknown') })
    await session.resume()
    expect(session.signedIn()).toBe(true)
  })
  test('what an older version or a hand left behind counts as nobody', () => {
    freshDevice({ session: { person: 'Lia' } })
    expect(start().person()).toBeUndefined()
  })
})

describe('the end of a session', () => {
  test('a definite refusal keeps the person and the data', () => {
    let refuse = () => undefined as void
    const session = start({
      onRefused: (listener) => {
        refuse = listener
        return () => undefined
      },
    })
    refuse()
    expect([session.access(), session.person()?.id, session.home()?.id]).toEqual(['expired', 'p1', 'w1'])
  })
  test('no token on the device any more means expired, not forgotten', async () => {
    const session = start({ current: () => Promise.resolve('nobody') })
    await session.resume()
    expect([session.access(), session.person()?.id]).toEqual(['expired', 'p1'])
  })
  test('signing out works when the server does not answer', async () => {
    const session = start({ signOut: away })
    await session.signOut(true)
    expect([session.access(), session.person()?.id]).toEqual(['left', 'p1'])
  })
  test('signing out without keeping leaves nothing behind', async () => {
    const session = start()
    await session.signOut(false)
    expect(session.person()).toBeUndefined()
    expect(kept.has('tideline.session')).toBe(false)
  })
})

describe('entering', () => {
  test('another person does not inherit the workspaces of the one before', async () => {
    const marta = { id: 'p2', name: 'Marta', email: 'marta@nortefrio.example' }
    const session = start({ signIn: () => Promise.resolve(marta) }, { mine: away })
    await session.signIn(marta.email, 'x')
    expect([session.person()?.id, session.workspaces()]).toEqual(['p2', []])
  })
  test.each<[string, (session: Session) => Promise<unknown>]>([
    ['a list of workspaces', (session) => session.createWorkspace('One more').catch(() => undefined)],
    ['a new name', (session) => session.rename('Lia de novo')],
    ['a sign-out that keeps', (session) => session.signOut(true)],
    ['a sign-out that forgets', (session) => session.signOut(false)],
  ])('%s that comes for one person does not reach another, who signed in meanwhile', async (_name, call) => {
    let answer = () => {}
    const later = new Promise<void>((resolve) => {
      answer = resolve
    })
    const session = start(
      { rename: () => later, signOut: () => later },
      { mine: () => later.then(() => [norteFrio]) },
    )
    const called = call(session)
    // Up to the answer that it waits for.
    for (let n = 0; n < 10; n++) await Promise.resolve()
    const marta = { ...saved, person: { id: 'p2', name: 'Marta', email: 'm@x.example' }, workspaces: [] }
    kept.set('tideline.session', JSON.stringify(marta))
    session.reread()
    answer()
    await called
    expect([session.person()?.name, session.workspaces(), session.access()]).toEqual(['Marta', [], 'in'])
  })
  test('the same person keeps theirs when the list does not come', async () => {
    const session = start({}, { mine: away })
    await session.signIn(lia.email, 'x')
    expect(session.workspaces()).toEqual([norteFrio])
  })
  test('sign-up makes the workspace and opens it', async () => {
    freshDevice()
    const made: string[] = []
    const session = start(
      {},
      {
        create: (name) => {
          made.push(name)
          return Promise.resolve('w1')
        },
      },
    )
    await session.signUp({ name: 'Lia', email: lia.email, password: 'x', team: 'Norte Frio' })
    expect([made, session.home()?.id, session.signedIn()]).toEqual([['Norte Frio'], 'w1', true])
  })
  test('an account whose workspace could not be made is still an account', async () => {
    freshDevice()
    const session = start({}, { create: away, mine: () => Promise.resolve([]) })
    await session.signUp({ name: 'Lia', email: lia.email, password: 'x', team: 'Norte Frio' })
    expect([session.person()?.id, session.home()]).toEqual(['p1', undefined])
  })
  test('a server that wants the e-mail confirmed leaves nobody half signed in', async () => {
    freshDevice()
    const session = start({ signUp: () => Promise.resolve('confirm') })
    expect(await session.signUp({ name: 'Lia', email: lia.email, password: 'x', team: 'T' })).toBe('confirm')
    expect(session.person()).toBeUndefined()
  })
  test('a link from an e-mail brings a session, and the app notices', async () => {
    freshDevice()
    const session = start({ current: () => Promise.resolve(lia) })
    await session.resume()
    expect([session.person()?.id, session.workspaces().length]).toEqual(['p1', 1])
  })
})
