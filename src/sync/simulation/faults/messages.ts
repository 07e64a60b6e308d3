/** Calls, answers and hints that are lost, doubled, late, out of order, or answered by somebody else. */
import { LogServerError } from '../../ports.ts'
import type { Conditions } from '../conditions.ts'
import type { SeededRandom } from '../seeded.ts'
import { anyDevice, later, type Fault } from './fault.ts'

function fault(
  name: string,
  weight: number,
  spoil: (conditions: Conditions, random: SeededRandom) => void,
): Fault {
  return {
    name,
    weight,
    strike(world) {
      spoil(anyDevice(world).conditions, world.random)
      return true
    },
  }
}

export const messages: readonly Fault[] = [
  fault('call lost', 3, (conditions, random) => {
    conditions.lostCalls += 1 + random.below(2)
  }),
  fault('answer lost', 5, (conditions, random) => {
    conditions.lostAnswers += 1 + random.below(2)
  }),
  fault('call doubled', 3, (conditions, random) => {
    conditions.doubledCalls += 1 + random.below(3)
  }),
  fault('call late', 2, (conditions) => {
    conditions.lateCalls += 1
  }),
  fault('server busy', 2, (conditions, random) => {
    const pause = random.percent(50) ? 1_000 * random.below(8) : null
    conditions.failures.push(new LogServerError('busy', 'too many requests', pause))
  }),
  fault('server error', 2, (conditions, random) => {
    for (let count = 1 + random.below(4); count > 0; count--)
      conditions.failures.push(new LogServerError('unreachable', 'the server failed'))
  }),
  fault('call rejected', 1, (conditions) => {
    conditions.failures.push(new LogServerError('rejected', 'not like this'))
  }),
  fault('slow and out of order', 5, (conditions, random) => {
    conditions.slowness = random.pick([5, 60, 400, 3_000]) ?? 0
  }),
  {
    name: 'hints lost, doubled and late',
    weight: 5,
    strike(world) {
      const { conditions } = anyDevice(world)
      const { random } = world
      conditions.hints = { lost: random.below(60), doubled: random.below(40), late: random.below(90) }
      later(world, 60_000, () => {
        conditions.hints = { lost: 0, doubled: 0, late: 0 }
      })
      return true
    },
  },
]
