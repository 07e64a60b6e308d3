import { describe, expect, test } from 'vitest'
import { makeLogTwin, type Role } from '../testing/log-twin.ts'
import { forge, makeMeetings, type MemoryMeetings } from '../testing/meeting-place.ts'
import { board, workspace } from '../testing/scene.ts'
import { makeSeededRandom } from '../testing/seeded-random.ts'
import { makeVirtualClock } from '../testing/virtual-clock.ts'
import { makePresence, type PresenceRooms } from './presence.ts'

const talk = 'conv/01ARZ3NDEKTSV4RRFFQ69G5FAV'
const task = '01ARYZ6S41TSV4RRFFQ69G5FA1'

interface Present {
  readonly presence: PresenceRooms
  readonly meetings: MemoryMeetings
  passes: boolean
  copies: number
  /** Gone without a goodbye. */
  kill(): void
}

function makeStage() {
  const clock = makeVirtualClock()
  const twin = makeLogTwin(makeSeededRandom(1), clock)
  let made = 0
  const come = (
    person: string,
    { role = 'agent' as Role, tab = `tab${made}`, live = true } = {},
  ): Present => {
    twin.join(workspace, person, role)
    const way = { passes: true, copies: 1 }
    let alive = true
    const meetings = makeMeetings(clock, twin, person, {
      passes: () => way.passes && alive,
      latency: () => 0,
      heard: () => ({ copies: alive ? way.copies : 0, delay: 0 }),
    })
    const ports = {
      clock: {
        now: clock.now,
        after: (delay: number, run: () => void) => clock.after(delay, () => alive && run()),
      },
      random: makeSeededRandom(++made),
      meetings,
      log: () => {},
    }
    const presence = makePresence(ports, {
      person,
      workspaceId: workspace,
      tab,
      shows: () => {},
      changed: () => {},
    })
    presence.setLive(live)
    return {
      presence,
      meetings,
      get passes() {
        return way.passes
      },
      set passes(passes) {
        way.passes = passes
        if (!passes) meetings.drop('the socket closed')
      },
      get copies() {
        return way.copies
      },
      set copies(copies) {
        way.copies = copies
      },
      kill: () => void (alive = false),
    }
  }
  return { clock, twin, come }
}

const seen = ({ presence }: Present) => presence.people.get().map(({ id }) => id)

describe('who is here', () => {
  test('[H1] whoever comes asks, and is told at once and not only at the next heartbeat', async () => {
    const { clock, come } = makeStage()
    const ana = come('ana')
    ana.presence.look(board, task)
    await clock.advance(5_000)
    const bruno = come('bruno', { role: 'viewer' })
    await clock.advance(200)
    expect(ana.presence.people.get()).toMatchObject([{ id: 'bruno', away: false, places: [] }])
    expect(bruno.presence.people.get()).toMatchObject([
      { id: 'ana', away: false, places: [{ doc: board, entity: task, typing: false }] },
    ])
  })

  test('[H2] in a conversation only those who look at it hear more than that it is looked at', async () => {
    const { clock, twin, come } = makeStage()
    const [ana, bruno, carla] = [come('ana'), come('bruno'), come('carla')]
    await twin.as('ana').push(
      [
        {
          doc: talk,
          op_id: crypto.randomUUID(),
          update: new Uint8Array([0, 0]),
          client_ids: [],
          workspace,
          anchor: null,
        },
      ],
      new AbortController().signal,
    )
    ana.presence.look(talk, 'composer')
    bruno.presence.look(talk)
    ana.presence.type()
    await clock.advance(1_000)
    const place = (from: Present) => from.presence.people.get().find(({ id }) => id === 'ana')?.places
    expect(place(bruno)).toContainEqual(expect.objectContaining({ entity: 'composer', typing: true }))
    expect(place(carla)).toEqual([{ doc: talk, entity: null, away: false, typing: false, cursor: null }])
  })

  test('[H3] somebody with several tabs and devices is one person, away only when all of them are', async () => {
    const { clock, come } = makeStage()
    const bruno = come('bruno')
    const [desk, phone] = [come('ana'), come('ana')]
    desk.presence.tabShows('other', { ...desk.presence.own, tab: 'other', doc: board, entity: task })
    for (const { presence } of [desk, phone]) presence.setVisible(false)
    await clock.advance(1_000)
    expect(bruno.presence.people.get()).toMatchObject([
      { id: 'ana', away: false, places: [{ doc: board, entity: task }] },
    ])
    desk.presence.tabShows('other', { ...desk.presence.own, tab: 'other', away: true })
    await clock.advance(1_000)
    expect(bruno.presence.people.get()).toMatchObject([{ id: 'ana', away: true }])
  })

  test('[H4] fifty people at rest stay within 50 deliveries a second', async () => {
    const { clock, come } = makeStage()
    const all = Array.from({ length: 50 }, (_, n) => come(`person${n}`))
    await clock.advance(60_000)
    for (const one of all) expect(seen(one)).toHaveLength(49)
    const words = () => all.reduce((sum, { meetings }) => sum + (meetings.said.get('here') ?? 0), 0)
    const before = words()
    await clock.advance(300_000)
    expect(((words() - before) * 50) / 300).toBeLessThanOrEqual(50)
    for (const one of all) expect(seen(one)).toHaveLength(49)
  })

  test('[H5] fifty people who never rest stay within 200 deliveries a second, and the last word gets through', async () => {
    const { clock, come } = makeStage()
    const all = Array.from({ length: 50 }, (_, n) => come(`person${n}`))
    await clock.advance(60_000)
    const words = () => all.reduce((sum, { meetings }) => sum + (meetings.said.get('here') ?? 0), 0)
    const move = async (times: number) => {
      for (let n = 0; n < times; n++) {
        for (const { presence } of all) presence.look(board, `${task}-${n}`)
        await clock.advance(250)
      }
    }
    // Nobody knows yet how many will have news.
    await move(80)
    const before = words()
    await move(240)
    expect(((words() - before) * 50) / 60).toBeLessThanOrEqual(210)
    await clock.advance(20_000)
    expect(all[7]?.presence.people.get()[3]?.places).toMatchObject([{ entity: `${task}-239` }])
  })

  test('[H5] between two, news is told at once, and then at most every 100 ms', async () => {
    const { clock, come } = makeStage()
    const [ana, bruno] = [come('ana'), come('bruno')]
    await clock.advance(11_000)
    const before = ana.meetings.said.get('here') ?? 0
    ana.presence.look(board, '0')
    await clock.settle()
    expect(bruno.presence.people.get()[0]?.places[0]?.entity).toBe('0')
    for (let n = 0; n < 100; n++) {
      ana.presence.look(board, `${n}`)
      await clock.advance(10)
    }
    await clock.advance(100)
    expect((ana.meetings.said.get('here') ?? 0) - before).toBeLessThanOrEqual(12)
    expect(bruno.presence.people.get()[0]?.places[0]?.entity).toBe('99')
  })

  test('[H6] who leaves says goodbye; who dies is forgotten, by the clock of who heard them', async () => {
    const { clock, come } = makeStage()
    const [ana, bruno, carla] = [come('ana'), come('bruno'), come('carla')]
    await clock.advance(1_000)
    bruno.presence.stop()
    await clock.settle()
    expect(seen(ana)).toEqual(['carla'])
    carla.kill()
    await clock.advance(10_000)
    expect(seen(ana)).toEqual(['carla'])
    await clock.advance(20_000)
    expect(seen(ana)).toEqual([])
  })

  test('[H6] typing ends by itself, whether the end is told or not', async () => {
    const { clock, come } = makeStage()
    const [ana, bruno] = [come('ana'), come('bruno')]
    const typing = () => bruno.presence.people.get()[0]?.places[0]?.typing
    await clock.advance(1_000)
    ana.presence.look(board, task)
    ana.presence.type()
    await clock.advance(200)
    expect(typing()).toBe(true)
    for (let n = 0; n < 10; n++) {
      await clock.advance(1_000)
      ana.presence.type()
      expect(typing()).toBe(true)
    }
    await clock.advance(4_200)
    expect(typing()).toBe(false)
    ana.presence.type()
    await clock.advance(200)
    ana.kill()
    await clock.advance(6_000)
    expect(typing()).toBe(false)
  })

  test.each([
    ['nothing', null],
    ['text', 'here'],
    ['bytes', new Uint8Array([1, 2, 3])],
    ['another version', { v: 2, device: 'x', person: 'eve', for: 1, tabs: [{ tab: 'a' }] }],
    ['a name that is a page', { v: 1, device: 'x', person: '<b>', for: 1, tabs: [{ tab: 'a' }] }],
    [
      'a document that cannot be',
      { v: 1, device: 'x', person: 'eve', for: 1, tabs: [{ tab: 'a', doc: 'x' }] },
    ],
    [
      'a novel as a cursor',
      { v: 1, device: 'x', person: 'eve', for: 1, tabs: [{ tab: 'a', cursor: 'x'.repeat(501) }] },
    ],
    [
      'a thousand tabs',
      { v: 1, device: 'x', person: 'eve', for: 1, tabs: Array.from({ length: 1000 }, () => ({ tab: 'a' })) },
    ],
  ])('[H7] %s is passed over', async (_, payload) => {
    const { clock, twin, come } = makeStage()
    const ana = come('ana')
    await clock.settle()
    forge(twin, `here:${workspace}`, 'here', payload)
    await clock.settle()
    expect(seen(ana)).toEqual([])
  })

  test('[H7] what one member claims is bounded in number and in time', async () => {
    const { clock, twin, come } = makeStage()
    const ana = come('ana')
    const bruno = come('bruno')
    await clock.advance(1_000)
    for (let n = 0; n < 2_000; n++) {
      const word = { v: 1, device: `d${n}`, person: `p${n % 7}`, for: 1e15, tabs: [{ tab: 'a' }] }
      forge(twin, `here:${workspace}`, 'here', word)
    }
    await clock.settle()
    expect(ana.presence.devices).toHaveLength(1 + 7 * 20)
    await clock.advance(605_000)
    expect(seen(ana)).toEqual(['bruno'])
    expect(seen(bruno)).toEqual(['ana'])
  })

  test('[H8] twice, late or never heard, words change nothing but when they are known', async () => {
    const { clock, come } = makeStage()
    const [ana, bruno] = [come('ana'), come('bruno')]
    bruno.copies = 2
    ana.presence.look(board)
    await clock.advance(1_000)
    expect(bruno.presence.people.get()).toHaveLength(1)
    bruno.copies = 0
    ana.presence.look(talk)
    await clock.advance(5_000)
    bruno.copies = 1
    await clock.advance(15_000)
    expect(bruno.presence.people.get()[0]?.places).toMatchObject([{ doc: talk }])
  })

  test('[H9] a lost topic is joined again, and who is alone with a dead network is alone', async () => {
    const { clock, come } = makeStage()
    const [ana, bruno] = [come('ana'), come('bruno')]
    await clock.advance(1_000)
    ana.passes = false
    await clock.advance(60_000)
    expect(seen(ana)).toEqual([])
    ana.passes = true
    await clock.advance(40_000)
    expect([seen(ana), seen(bruno)]).toEqual([['bruno'], ['ana']])
  })

  test('[H10] a tab that does not lead shows what the leader hears, and says nothing itself', async () => {
    const { clock, come } = makeStage()
    const leader = come('ana')
    const follower = come('ana', { live: false })
    const bruno = come('bruno')
    bruno.presence.look(board)
    follower.presence.look(board, task)
    leader.presence.tabShows('follower', follower.presence.own)
    await clock.advance(1_000)
    follower.presence.tell(leader.presence.devices)
    expect(follower.presence.people.get()).toEqual(leader.presence.people.get())
    expect(follower.meetings.said.size).toBe(0)
    expect(seen(bruno)).toEqual(['ana'])
    leader.presence.stop()
    follower.presence.setLive(true)
    await clock.advance(1_000)
    expect(bruno.presence.people.get()).toMatchObject([{ id: 'ana', places: [{ entity: task }] }])
  })
})
