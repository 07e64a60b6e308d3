/** Everything that was broken is whole again, and whoever was away is back. */
import { healConditions } from './conditions.ts'
import { drop, LONGEST_LEAVE } from './faults/people.ts'
import { kept } from './places.ts'
import { takeStock } from './stock.ts'
import type { World } from './world.ts'

const HOUR = 3_600_000

export async function heal(world: World): Promise<void> {
  const { clock, random } = world
  world.trace.note('healing')
  for (const { life } of world.tabs()) life.spare()
  await clock.advance(LONGEST_LEAVE)
  for (const person of ['bruno', 'carla']) if (random.percent(70)) world.setRole(person, 'agent')
  // What only somebody has who may not write any more is nobody's to give back.
  takeStock(world, 'rights')
  for (const profile of world.profiles()) {
    const { device, disk, signIn, tabs } = profile
    healConditions(device.conditions)
    disk.memory.fault = null
    disk.queue.heal()
    signIn.failing = false
    signIn.revoked = false
    signIn.validUntil = clock.now() + HOUR
    // A page of an older app asks to be reloaded, and is.
    const old = [...tabs].filter(({ version }) => version < profile.version)
    for (const { life } of old) life.end()
    // Somebody comes back and opens the app, if no document of it.
    if (tabs.size === 0) world.openTab(profile).engine.keep(kept)
    signIn.tell(true)
    for (const tab of tabs) {
      tab.life.thaw()
      tab.visible = true
      tab.tell('returned')
      tab.tell('visible')
      tab.tell('online')
    }
  }
  await clock.advance(60_000)
  // What the server goes on refusing is for a person to drop.
  for (let tries = 0; tries < 30 && isAnythingRefused(world); tries++) {
    for (const profile of world.profiles()) drop(world, profile)
    await clock.advance(20_000)
  }
}

function isAnythingRefused(world: World): boolean {
  return world
    .tabs()
    .some(({ engine }) => engine.state.get().pending.some(({ state }) => state === 'refused'))
}
