import type { Device, Profile, World } from '../world.ts'
import type { Tab } from '../tab.ts'

export interface Fault {
  readonly name: string
  /** How often it strikes, beside the others. */
  readonly weight: number
  /** False when there was nothing for it to strike. */
  strike(world: World): boolean
}

export function anyDevice({ random, devices }: World): Device {
  const device = random.pick(devices)
  if (!device) throw new Error('a world has devices')
  return device
}

/** Whoever is signed in on a device. */
export function anyProfile(world: World): Profile {
  const profile = anyDevice(world).profiles.at(-1)
  if (!profile) throw new Error('a device has somebody')
  return profile
}

export function anyTab(world: World): Tab | undefined {
  return world.random.pick([...anyProfile(world).tabs])
}

/** Undone by itself after a while, if healing does not come first. */
export function later(world: World, longest: number, undo: () => void): void {
  world.clock.after(world.random.below(longest), undo)
}
