/** After the faults: healing, and then each promise within the longest time that it may take to come true. */
import { heal } from './healing.ts'
import { everyDocument, kept } from './places.ts'
import {
  allEqual,
  keptAreCurrent,
  nothingLost,
  nothingTwice,
  offlineEqual,
  oneLeads,
  rest,
  safeIsSent,
  type Finder,
} from './promises.ts'
import { openDocuments, type World } from './world.ts'

const STEP = 10_000
const LONGEST_REST = 600_000
// Where storage failed kept documents rest for five minutes; and one device may only then give back what is lost. [F5]
const LOOK_EVERY = 70_000
const LONGEST_KEPT = 700_000
// What was told and nobody confirms is adopted after 90 s, by the tab that leads after another 90 s. [S18]
const LONGEST_HEARSAY = 400_000
// The longest that a call is waited for; one that was under way is not called back.
const LONGEST_CALL = 31_000

/** Tells what is found to be otherwise, now. */
export function expectNow(world: World, ...finders: readonly Finder[]): void {
  for (const find of finders) for (const [promise, what] of find(world)) world.broken(promise, what)
}

function isSo(world: World, finders: readonly Finder[]): boolean {
  return finders.every((find) => find(world)[Symbol.iterator]().next().done)
}

interface Patience {
  readonly longest: number
  readonly step: number
  /** Done before each step. */
  nudge?(): void
}

async function expectWithin(world: World, { longest, step, nudge }: Patience, ...finders: readonly Finder[]) {
  let waited = 0
  do {
    nudge?.()
    await world.clock.advance(step)
    waited += step
  } while (waited < longest && !world.failure && !isSo(world, finders))
  expectNow(world, ...finders)
}

export async function afterwards(world: World): Promise<void> {
  await heal(world)
  await expectWithin(world, { longest: LONGEST_REST, step: STEP }, rest, safeIsSent)
  const look = () => {
    for (const { engine } of world.tabs()) engine.look(kept)
  }
  await expectWithin(world, { longest: LONGEST_KEPT, step: LOOK_EVERY, nudge: look }, keptAreCurrent)
  for (const tab of world.tabs()) for (const id of everyDocument) tab.open(id)
  await expectWithin(world, { longest: LONGEST_HEARSAY, step: STEP }, rest, nothingLost, allEqual)
  expectNow(world, nothingTwice, oneLeads)
  await nothingRuns(world)
  await readOffline(world)
}

/** A stopped engine waits for nothing and calls nobody. */
async function nothingRuns(world: World): Promise<void> {
  const tabs = world.tabs()
  for (const { engine } of tabs) void engine.stop()
  await world.clock.settle()
  const calls = tabs.map(({ way }) => way.calls)
  await world.clock.advance(LONGEST_CALL)
  for (const [index, { name, life, way }] of tabs.entries()) {
    world.looked('a stopped engine does nothing more')
    const made = way.calls - (calls[index] ?? 0)
    if (life.timers + way.open.size + made > 0)
      world.broken(
        'a stopped engine does nothing more',
        `${name} has ${life.timers} timers and ${way.open.size} websockets, and made ${made} calls`,
      )
    life.end()
  }
}

async function readOffline(world: World): Promise<void> {
  for (const profile of world.profiles()) {
    profile.device.conditions.state = 'cut'
    openDocuments(world, world.openTab(profile))
  }
  await world.clock.advance(100)
  expectNow(world, offlineEqual)
}
