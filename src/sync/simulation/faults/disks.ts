/** Storage that is full, unavailable, blocked, frozen, slow, closed under hands, or gone. */
import type { DiskQueue } from '../disk-queue.ts'
import { holds } from '../edits.ts'
import { takeStock } from '../stock.ts'
import type { Profile, World } from '../world.ts'
import { anyProfile, later, type Fault } from './fault.ts'

function failing(name: string, fault: 'full' | 'unavailable'): Fault {
  return {
    name,
    weight: 2,
    strike(world) {
      const { memory } = anyProfile(world).disk
      memory.fault = fault
      later(world, 50_000, () => {
        memory.fault = null
      })
      return true
    },
  }
}

function stuck(name: string, how: NonNullable<DiskQueue['stuck']>): Fault {
  return {
    name,
    weight: 2,
    strike(world) {
      const { queue } = anyProfile(world).disk
      queue.stuck = how
      later(world, 50_000, () => {
        queue.stuck = null
      })
      return true
    },
  }
}

function wipe(world: World, profile: Profile): void {
  for (const edit of world.edits) if (holds(profile.disk.held(edit.doc), edit)) edit.shaken = true
  profile.disk.wipe()
  takeStock(world, 'wipe')
}

export const disks: readonly Fault[] = [
  failing('disk full', 'full'),
  failing('disk unavailable', 'unavailable'),
  stuck('disk blocked', 'blocked'),
  stuck('transactions held up', 'held up'),
  {
    name: 'disk slow',
    weight: 3,
    strike(world) {
      const { queue } = anyProfile(world).disk
      queue.slowness = world.random.pick([3, 50, 800]) ?? 0
      later(world, 60_000, () => {
        queue.slowness = 0
      })
      return true
    },
  },
  {
    name: 'database closed under hands',
    weight: 2,
    strike(world) {
      anyProfile(world).disk.closeConnections()
      return true
    },
  },
  {
    name: 'storage wiped while running',
    weight: 1,
    strike(world) {
      const profile = anyProfile(world)
      if (profile.tabs.size === 0) return false
      wipe(world, profile)
      profile.wiped = true
      return true
    },
  },
  {
    name: 'storage wiped while away',
    weight: 1,
    strike(world) {
      const profile = anyProfile(world)
      for (const { life } of Array.from(profile.tabs)) life.end()
      wipe(world, profile)
      return true
    },
  },
]
