/** Devices of several people, their tabs and the server, all on one clock and one seed. */
import type { SyncPorts } from '../ports.ts'
import { makeMemoryLocks, type MemoryLocks } from '../testing/memory-locks.ts'
import type { Role } from '../testing/log-twin.ts'
import { makeVirtualClock, type VirtualClock } from '../testing/virtual-clock.ts'
import { makeBus, type Bus } from './bus.ts'
import { makeConditions, type Conditions } from './conditions.ts'
import { makeDisk, type Disk } from './disk.ts'
import { makeEditMaker, type Edit, type EditMaker } from './edits.ts'
import type { Life } from './life.ts'
import { observe } from './observer.ts'
import type { PageWorld } from './page.ts'
import { documents, everyDocument, kept, shortOf, workspace } from './places.ts'
import type { Promised } from './promised.ts'
import { makeSeeded, type SeededRandom } from './seeded.ts'
import { makeServer, type Server } from './server.ts'
import { makeSignIn, type SignIn } from './session.ts'
import { dropped, takeStock } from './stock.ts'
import { openTab, type Tab } from './tab.ts'
import { makeTrace, type Trace } from './trace.ts'
import { wakeWorker } from './worker.ts'

export interface Device {
  readonly name: string
  readonly conditions: Conditions
  /** How far its clock is off. */
  skew: number
  /** Whoever signed in here once; the last one is signed in now. */
  profiles: Profile[]
}

/** One person on one device. */
export interface Profile {
  readonly name: string
  readonly person: string
  readonly device: Device
  readonly disk: Disk
  readonly bus: Bus
  readonly locks: MemoryLocks | null
  readonly signIn: SignIn
  /** Those that are not gone. */
  readonly tabs: Set<Tab>
  /** Its storage was wiped under a running page. */
  wiped: boolean
  /** Of the app that a page gets when it is loaded now. */
  version: number
  /** Documents whose unsent edits a person is dropping. */
  readonly dropping: Set<string>
}

export interface World {
  readonly seed: number
  readonly clock: VirtualClock
  readonly random: SeededRandom
  readonly trace: Trace
  readonly server: Server
  readonly devices: readonly Device[]
  readonly edits: Edit[]
  readonly maker: EditMaker
  /** How often each fault struck and each promise was looked at. */
  readonly struck: Map<string, number>
  readonly looks: Map<Promised, number>
  /** The first promise that was broken. */
  failure: { readonly promise: Promised; readonly what: string; readonly line: number } | null
  broken(promise: Promised, what: string): void
  looked(promise: Promised): void
  profile(device: Device, person: string): Profile
  openTab(profile: Profile): Tab
  /** The browser wakes the service worker for what is unsent. */
  wakeWorker(profile: Profile): Life
  profiles(): Profile[]
  tabs(): Tab[]
  setRole(person: string, role: Role): void
  mayWrite(person: string): boolean
}

export type Breakage = (ports: SyncPorts) => SyncPorts

export function makeWorld(seed: number, breakage: Breakage = (ports) => ports): World {
  const clock = makeVirtualClock()
  const random = makeSeeded(seed)
  const trace = makeTrace(clock)
  const server = makeServer(makeSeeded(seed * 31 + 1), clock)
  const roles = new Map<string, Role>()
  let made = 0

  const world: World = {
    seed,
    clock,
    random,
    trace,
    server,
    devices: [],
    edits: [],
    maker: makeEditMaker(makeSeeded(seed * 31 + 2)),
    struck: new Map(),
    looks: new Map(),
    failure: null,
    broken(promise, what) {
      trace.note(`BROKEN: ${promise}: ${what}`)
      world.failure ??= { promise, what, line: trace.lines.length }
    },
    looked: (promise) => void world.looks.set(promise, (world.looks.get(promise) ?? 0) + 1),
    profile(device, person) {
      const found = device.profiles.find((profile) => profile.person === person)
      const profile = found ?? makeProfile(device, person)
      device.profiles = [...device.profiles.filter((other) => other !== profile), profile]
      return profile
    },
    openTab(profile) {
      const name = `${profile.name}.${made++}`
      trace.note(`${name} opens`)
      const tab = openTab(
        {
          ...pageWorldOf(profile),
          breakage,
          replaced(tab, id) {
            trace.note(`${tab} has ${shortOf(id)} replaced`)
            if (profile.dropping.has(id)) dropped(world, (edit) => edit.tab === tab && edit.doc === id)
          },
        },
        name,
        seed * 1_000 + made * 2,
      )
      profile.tabs.add(tab)
      tab.life.onEnd(() => {
        trace.note(`${name} is gone`)
        profile.tabs.delete(tab)
        takeStock(world, 'crash')
      })
      observe(world, profile, tab)
      return tab
    },
    wakeWorker(profile) {
      const name = `${profile.name}.${made++}`
      trace.note(`${name}, a worker, wakes`)
      return wakeWorker(pageWorldOf(profile), name, seed * 1_000 + made * 2)
    },
    profiles: () => world.devices.flatMap(({ profiles }) => profiles),
    tabs: () => world.profiles().flatMap(({ tabs }) => [...tabs]),
    setRole(person, role) {
      roles.set(person, role)
      server.twin.join(workspace, person, role)
      if (role === 'viewer') takeStock(world, 'rights')
    },
    mayWrite: (person) => roles.get(person) !== 'viewer',
  }

  const pageWorldOf = (profile: Profile): PageWorld => ({
    ...profile,
    clock,
    server,
    workspace,
    conditions: profile.device.conditions,
    now: () => clock.now() + profile.device.skew,
    note: trace.note,
    threw: (line) => world.broken('no document throws', line),
  })

  const makeProfile = (device: Device, person: string): Profile => {
    const own = makeSeeded(seed * 1_000 + 500 + made++)
    return {
      name: `${person}@${device.name}`,
      person,
      device,
      disk: makeDisk(clock, own),
      bus: makeBus(clock, own.below(4)),
      // A few devices have no Web Locks: there each tab works alone.
      locks: own.percent(90) ? makeMemoryLocks() : null,
      signIn: makeSignIn(clock.now, device.conditions),
      tabs: new Set(),
      wiped: false,
      version: 0,
      dropping: new Set(),
    }
  }
  return world
}

const people: readonly (readonly [string, Role])[] = [
  ['ana', 'owner'],
  ['bruno', 'agent'],
  ['carla', 'agent'],
  ['vera', 'viewer'],
]

/** Two to four devices with one to three tabs each, and a first edit in every document. */
export async function populate(world: World): Promise<void> {
  const { random, clock } = world
  for (const [person, role] of people) world.setRole(person, role)
  const owners = ['ana', 'bruno', ...(random.percent(60) ? [random.percent(50) ? 'carla' : 'ana'] : [])]
  if (random.percent(40)) owners.push('vera')
  const devices = owners.map((_, number): Device => ({
    name: String(number + 1),
    conditions: makeConditions(),
    skew: random.percent(20) ? (random.below(13) - 6) * 3_600_000 : 0,
    profiles: [],
  }))
  Object.assign(world, { devices })
  for (const [number, device] of devices.entries()) {
    const profile = world.profile(device, owners[number] ?? 'ana')
    for (let tabs = 1 + random.below(number === 0 ? 3 : 2); tabs > 0; tabs--)
      openDocuments(world, world.openTab(profile))
    if (number > 0) continue
    const [first] = profile.tabs
    if (first) for (const id of everyDocument) while (!write(world, profile, first, id)) continue
    await clock.advance(300)
  }
  await clock.advance(300)
}

export function openDocuments(world: World, tab: Tab): void {
  tab.engine.keep(kept)
  for (const id of documents) if (world.random.percent(70)) tab.open(id)
  lookAt(world, tab)
}

/** Another of the open documents is before the person's eyes. */
export function lookAt({ random }: World, tab: Tab): void {
  tab.engine.presence.look(random.pick([...tab.handles.keys()]) ?? null)
}

/** A person edits a document in a tab. False when there was nothing to be done. */
export function write(world: World, profile: Profile, tab: Tab, documentId: string): boolean {
  const edit = makeEdit(world, profile, tab, documentId)
  if (!edit) return false
  world.trace.note(`${tab.name} edits ${shortOf(documentId)}: e${edit.number} as ${edit.subject}`)
  world.edits.push(edit)
  // It may have died of opening the document, or of the edit.
  if (tab.life.state === 'gone') takeStock(world, 'crash')
  return true
}

function makeEdit(world: World, profile: Profile, tab: Tab, documentId: string): Edit | null {
  world.looked('no document throws')
  try {
    return world.maker.edit(tab.open(documentId), profile.name, tab.name)
  } catch (error) {
    world.broken('no document throws', `${tab.name} edits ${documentId}: ${String(error)}`)
    return null
  }
}
