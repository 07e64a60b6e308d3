/** The service worker wakes, beside tabs and without them, and dies like them. */
import { anyProfile, type Fault } from './fault.ts'

export const workers: readonly Fault[] = [
  {
    name: 'worker wakes',
    weight: 3,
    strike(world) {
      const life = world.wakeWorker(anyProfile(world))
      if (world.random.percent(30)) life.doom(world.random.below(12), 'under way')
      return true
    },
  },
]
