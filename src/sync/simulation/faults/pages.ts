/** Pages that are hidden, shown, frozen and thawed, with and without a word. */
import type { Tab } from '../tab.ts'
import type { World } from '../world.ts'
import { anyTab, later, type Fault } from './fault.ts'

function freeze(world: World, tab: Tab, told: boolean): void {
  if (told) tab.tell('hidden')
  if (told) tab.tell('frozen')
  tab.visible = false
  // What it said with its last breath is still said.
  world.clock.after(0, tab.life.freeze)
  later(world, 90_000, () => {
    tab.life.thaw()
    tab.tell('returned')
    if (world.random.percent(50)) show(tab)
  })
}

function show(tab: Tab): void {
  tab.visible = true
  tab.tell('visible')
}

export const pages: readonly Fault[] = [
  {
    name: 'tab hidden',
    weight: 4,
    strike(world) {
      const tab = anyTab(world)
      if (!tab) return false
      tab.visible = false
      tab.tell('hidden')
      return true
    },
  },
  {
    name: 'tab shown',
    weight: 4,
    strike(world) {
      const tab = anyTab(world)
      if (tab) show(tab)
      return tab !== undefined
    },
  },
  {
    name: 'tab frozen',
    weight: 2,
    strike(world) {
      const tab = anyTab(world)
      if (tab) freeze(world, tab, true)
      return tab !== undefined
    },
  },
  {
    name: 'leader hangs',
    weight: 2,
    strike(world) {
      const leader = world.tabs().find(({ way, life }) => way.open.size > 0 && life.state === 'running')
      if (leader) freeze(world, leader, false)
      return leader !== undefined
    },
  },
  {
    name: 'leader dies',
    weight: 3,
    strike(world) {
      const leaders = world.tabs().filter(({ way }) => way.open.size > 0)
      const leader = world.random.pick(leaders)
      leader?.life.end()
      return leader !== undefined
    },
  },
]
