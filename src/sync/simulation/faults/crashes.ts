/** Tabs that end: at once, at a port call that lies ahead, all of a device together; and tabs that are opened. */
import type { Moment } from '../life.ts'
import { openDocuments } from '../world.ts'
import { anyProfile, anyTab, type Fault } from './fault.ts'

const MOST_TABS = 3
const moments: readonly Moment[] = ['before', 'under way', 'answered']

export const crashes: readonly Fault[] = [
  {
    name: 'tab crashes',
    weight: 3,
    strike(world) {
      const tab = anyTab(world)
      tab?.life.end()
      return tab !== undefined
    },
  },
  {
    name: 'tab crashes at an await',
    weight: 7,
    strike(world) {
      const tab = anyTab(world)
      tab?.life.doom(world.random.below(12), world.random.pick(moments) ?? 'before')
      return tab !== undefined
    },
  },
  {
    name: 'device loses power',
    weight: 2,
    strike(world) {
      const { tabs } = anyProfile(world)
      const some = tabs.size > 0
      for (const { life } of Array.from(tabs)) life.end()
      return some
    },
  },
  {
    name: 'tab closes',
    weight: 3,
    strike(world) {
      const tab = anyTab(world)
      tab?.tell('hidden')
      // What the page began in this task completes; nothing else of it runs.
      if (tab) world.clock.after(0, tab.life.end)
      return tab !== undefined
    },
  },
  {
    name: 'tab opens',
    weight: 12,
    strike(world) {
      const profile = anyProfile(world)
      if (profile.tabs.size >= MOST_TABS) return false
      openDocuments(world, world.openTab(profile))
      return true
    },
  },
  {
    name: 'app updated beside an open tab',
    weight: 1,
    strike(world) {
      const profile = anyProfile(world)
      if (profile.tabs.size >= MOST_TABS) return false
      const beside = profile.tabs.size > 0
      profile.version++
      openDocuments(world, world.openTab(profile))
      return beside
    },
  },
  {
    name: 'document closed and opened',
    weight: 3,
    strike(world) {
      const tab = anyTab(world)
      const id = world.random.pick([...(tab?.handles.keys() ?? [])])
      if (!tab || !id) return false
      tab.release(id)
      world.clock.after(world.random.below(2_000), () => tab.life.hear(() => void tab.open(id)))
      return true
    },
  },
]
