import { describe } from 'vitest'
import { newUuid } from '../../domain/ids.ts'
import { describeLogServerContract } from './log-server-contract.ts'
import { makeLogTwin } from './log-twin.ts'
import { makeSeededRandom } from './seeded-random.ts'

describe('the twin of the log', () => {
  describeLogServerContract(async () => {
    const random = makeSeededRandom(1)
    const twin = makeLogTwin(random, { now: Date.now })
    const workspace = newUuid(random.bytes)
    let people = 0
    return {
      workspace,
      async person(role) {
        const person = `person ${people++}`
        if (role) twin.join(workspace, person, role)
        return twin.as(person)
      },
      nobody: twin.as(null),
      forgetAfter: async (document, seq) => twin.forgetAfter(document, seq),
      snapshot: async (document) => twin.snapshot(document),
      trim: async (document) => twin.trim(document),
    }
  })
})
