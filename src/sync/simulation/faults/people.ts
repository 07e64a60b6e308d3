/** Tokens that end, people who sign out and in, rights that are taken and given, refused edits that are dropped. */
import type { SyncEngine } from '../../sync-engine.ts'
import type { PendingChange } from '../../sync-state.ts'
import type { Tab } from '../tab.ts'
import { openDocuments, type Profile, type World } from '../world.ts'
import { shortOf } from '../places.ts'
import { dropped } from '../stock.ts'
import { anyDevice, anyProfile, anyTab, later, type Fault } from './fault.ts'

const HOUR = 3_600_000
/** Then the page goes, whatever the engine still waits for. */
export const LONGEST_LEAVE = 1_000

/** The app ends a signed-out person's engines in an orderly way. */
function leave(world: World, profile: Profile): void {
  for (const tab of Array.from(profile.tabs)) {
    void tab.engine.stop().then(tab.life.end)
    world.clock.after(LONGEST_LEAVE, tab.life.end)
  }
}

function refused(engine: SyncEngine) {
  return engine.state.get().pending.find(({ state }) => state === 'refused')
}

async function discard(
  world: World,
  profile: Profile,
  { name, engine }: Tab,
  change: PendingChange,
): Promise<void> {
  const { id, doc } = change
  try {
    await engine.discard(id)
    world.trace.note(`${name} has dropped ${shortOf(doc)}`)
    dropped(world, (edit) => edit.profile === profile.name && edit.doc === doc)
  } catch {
    world.trace.note(`${name} could not drop ${shortOf(doc)}`)
  }
}

/** What a person drops is dropped in all their tabs, and not before the server has been asked. */
export function drop(world: World, profile: Profile): boolean {
  for (const tab of profile.tabs) {
    const change = refused(tab.engine)
    if (!change || profile.dropping.has(change.doc)) continue
    world.trace.note(`${tab.name} drops ${shortOf(change.doc)}`)
    profile.dropping.add(change.doc)
    void discard(world, profile, tab, change)
    // Until every tab has heard of it, what they say of these edits is of two minds.
    world.clock.after(90_000, () => profile.dropping.delete(change.doc))
    return true
  }
  return false
}

export const people: readonly Fault[] = [
  {
    name: 'token expires',
    weight: 2,
    strike(world) {
      anyProfile(world).signIn.validUntil = world.clock.now() - 1
      return true
    },
  },
  {
    name: 'token cannot be renewed',
    weight: 2,
    strike(world) {
      const { signIn } = anyProfile(world)
      signIn.validUntil = world.clock.now() - 1
      signIn.failing = true
      later(world, 60_000, () => {
        signIn.failing = false
      })
      return true
    },
  },
  {
    name: 'session revoked',
    weight: 1,
    strike(world) {
      const { signIn } = anyProfile(world)
      signIn.revoked = true
      signIn.validUntil = world.clock.now() - 1
      later(world, 60_000, () => {
        signIn.revoked = false
        signIn.validUntil = world.clock.now() + HOUR
        signIn.tell(true)
      })
      return true
    },
  },
  {
    name: 'another person signs in',
    weight: 1,
    strike(world) {
      const device = anyDevice(world)
      const before = device.profiles.at(-1)
      if (!before) return false
      before.signIn.tell(false)
      leave(world, before)
      const profile = world.profile(device, world.random.pick(['ana', 'bruno', 'carla']) ?? 'ana')
      if (profile === before) return false
      openDocuments(world, world.openTab(profile))
      return true
    },
  },
  {
    name: 'clock jumps',
    weight: 2,
    strike(world) {
      anyDevice(world).skew = (world.random.below(13) - 6) * HOUR + world.random.below(10_000)
      return true
    },
  },
  {
    name: 'right to write taken',
    weight: 1,
    strike(world) {
      const person = world.random.pick(['bruno', 'carla']) ?? ''
      world.setRole(person, 'viewer')
      later(world, 60_000, () => world.setRole(person, 'agent'))
      return true
    },
  },
  {
    name: 'refused edits tried again',
    weight: 2,
    strike(world) {
      const engine = anyTab(world)?.engine
      const change = engine && refused(engine)
      if (engine && change) engine.retry(change.id)
      return change !== undefined
    },
  },
  {
    name: 'refused edits dropped',
    weight: 4,
    strike: (world) => world.profiles().some((profile) => drop(world, profile)),
  },
]
