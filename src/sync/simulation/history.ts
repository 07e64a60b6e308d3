/** One seed: a world, what people do in it, what strikes it, its healing, and what must then be so. */
import { afterwards, expectNow } from './afterwards.ts'
import { faults } from './faults/all.ts'
import { documents, kept } from './places.ts'
import { memoryBounded } from './promises.ts'
import type { Promised } from './promised.ts'
import type { Tab } from './tab.ts'
import { lookAt, makeWorld, populate, write, type Breakage, type Profile, type World } from './world.ts'

const TURNS = 60

export interface Failure {
  readonly seed: number
  readonly turn: number | 'after healing'
  readonly promise: Promised
  readonly what: string
  /** Up to the moment in which it broke. */
  readonly trace: readonly string[]
}

export interface History {
  /** The first promise that broke; null when all held. */
  readonly failure: Failure | null
  readonly trace: readonly string[]
  digest(): string
  readonly struck: ReadonlyMap<string, number>
  readonly looks: ReadonlyMap<Promised, number>
}

const weights = faults.reduce((sum, { weight }) => sum + weight, 0)

function strike(world: World): void {
  let at = world.random.below(weights)
  for (const fault of faults) {
    at -= fault.weight
    if (at >= 0) continue
    world.trace.note(`fault: ${fault.name}`)
    if (fault.strike(world)) world.struck.set(fault.name, (world.struck.get(fault.name) ?? 0) + 1)
    return
  }
}

/** Opened for one edit, and let go again. */
function writeInKept(world: World, profile: Profile, tab: Tab): void {
  const id = world.random.pick(kept) ?? ''
  write(world, profile, tab, id)
  world.clock.after(world.random.below(5_000), () => tab.life.hear(() => tab.release(id)))
}

async function takeTurn(world: World): Promise<void> {
  const { random, clock } = world
  const profile = random.pick(world.profiles().filter(({ person }) => person !== 'vera'))
  const tab = profile && random.pick([...profile.tabs].filter(({ life }) => life.state === 'running'))
  if (profile && tab && random.percent(75)) {
    for (let edits = random.percent(10) ? 5 : 1; edits > 0; edits--)
      write(world, profile, tab, random.pick(documents) ?? '')
    if (random.percent(12)) writeInKept(world, profile, tab)
    if (random.percent(8)) lookAt(world, tab)
  }
  if (random.percent(60)) {
    // A fault finds whole transactions; halves of them are for tabs that are doomed.
    await clock.settle()
    strike(world)
  }
  if (random.percent(75)) await clock.advance(random.below(random.percent(12) ? 40_000 : 250))
  expectNow(world, memoryBounded)
}

export async function runHistory(seed: number, breakage?: Breakage): Promise<History> {
  const world = makeWorld(seed, breakage)
  const threw = (error: unknown) => world.broken('no document throws', `nobody caught ${String(error)}`)
  process.on('unhandledRejection', threw)
  let turn = 0
  try {
    await populate(world)
    for (; turn < TURNS && !world.failure; turn++) await takeTurn(world)
    if (!world.failure) await afterwards(world)
  } finally {
    process.off('unhandledRejection', threw)
    for (const { life } of world.tabs()) life.end()
  }
  const { failure, struck, looks, trace } = world
  return {
    failure: failure && {
      ...failure,
      seed,
      turn: turn < TURNS ? turn : 'after healing',
      trace: trace.lines.slice(0, failure.line),
    },
    trace: trace.lines,
    digest: trace.digest,
    struck,
    looks,
  }
}
