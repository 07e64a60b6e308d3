import { describe, expect, test } from 'vitest'
import type { Fate } from './change-fates.ts'
import { makePendingChanges } from './pending-changes.ts'
import { makeSeededRandom } from './testing/seeded-random.ts'
import { makeVirtualClock } from './testing/virtual-clock.ts'

const subject = { collection: 'tasks', entity: 'x', fields: ['title'] }

function makeJournals() {
  const ports = { clock: makeVirtualClock(), random: makeSeededRandom(1) }
  const told: Fate[] = []
  const make = (tell: (fate: Fate) => void) => makePendingChanges('d', ports, tell, () => {})
  return { clock: ports.clock, told, leader: make((fate) => told.push(fate)), writer: make(() => {}) }
}

describe('[T6] revisions', () => {
  test('what was settled up to a revision hides no edit that joined it since', () => {
    const { told, leader, writer } = makeJournals()
    const first = writer.note(subject, 7, false)
    leader.told([first], true)
    leader.take()
    leader.settle([first])
    const second = writer.note({ ...subject, fields: ['status'] }, 7, false)
    expect(second).toMatchObject({ id: first.id, rev: 1 })
    writer.hear(told)
    expect(writer.list()).toMatchObject([{ fields: ['title', 'status'], state: 'memory' }])
    leader.told([second], true)
    leader.settle([second])
    writer.hear(told)
    expect(writer.list()).toEqual([])
  })

  test('what is under way at an older revision is not called so', () => {
    const { leader, writer } = makeJournals()
    const first = writer.note(subject, 7, false)
    leader.told([first], true)
    leader.take()
    expect(leader.list()).toMatchObject([{ state: 'sending' }])
    leader.told([writer.note(subject, 7, false)], true)
    expect(leader.list()).toMatchObject([{ state: 'memory' }])
  })

  test('once a change is under way, what comes after is a change of its own', () => {
    const { told, leader, writer } = makeJournals()
    leader.told([writer.note(subject, 7, false)], true)
    leader.take()
    writer.hear(told)
    writer.note(subject, 7, false)
    expect(writer.list().map(({ state }) => state)).toEqual(['sending', 'memory'])
  })

  test('a word that comes late, twice or about nothing known changes nothing', () => {
    const { leader, writer } = makeJournals()
    const first = writer.note(subject, 7, false)
    const second = writer.note(subject, 7, false)
    leader.told([second], true)
    leader.told([first], true)
    leader.hear([{ is: 'device', changes: [first] }])
    expect(leader.list()).toMatchObject([{ state: 'memory' }])
    leader.hear([
      { is: 'device', changes: [second] },
      { is: 'settled', changes: [{ id: 'unknown', rev: 0 }] },
    ])
    leader.hear([{ is: 'settled', changes: [first] }])
    expect(leader.list()).toMatchObject([{ state: 'device' }])
  })

  test('what is settled is not brought back by a word that was on its way', () => {
    const { leader, writer } = makeJournals()
    const first = writer.note(subject, 7, false)
    leader.told([first], true)
    leader.settle(leader.take())
    leader.told([first], true)
    expect(leader.holds([first])).toBe(true)
    leader.restore([first])
    leader.agree(writer.entries(), true)
    expect(leader.size).toBe(0)
    leader.told([writer.note(subject, 7, false)], true)
    expect(leader.size).toBe(1)
  })

  test('what was settled while it was being written is to be removed from the device', () => {
    const { writer } = makeJournals()
    const record = writer.note(subject, 7, false)
    writer.hear([{ is: 'settled', changes: [record] }])
    expect(writer.stored([record])).toMatchObject([{ id: record.id, rev: 0 }])
    expect(writer.list()).toEqual([])
  })

  test('agreeing with the leader drops what others made and it does not know, when it says so twice, and names what of ours it lacks', async () => {
    const { clock, leader, writer } = makeJournals()
    const theirs = leader.note({ ...subject, entity: 'y' }, 8, false)
    const ours = writer.note(subject, 7, false)
    writer.told([theirs], true)
    leader.settle([theirs])
    writer.agree(leader.entries(), false)
    expect(writer.doubtful).toBe(false)
    expect(writer.agree(leader.entries(), true)).toEqual([ours])
    expect(writer.list()).toHaveLength(2)
    expect(writer.doubtful).toBe(true)
    await clock.advance(5_000)
    expect(writer.agree(leader.entries(), true)).toEqual([ours])
    expect(writer.list()).toMatchObject([{ entity: 'x' }])
    expect(writer.doubtful).toBe(false)
    leader.told([ours], true)
    leader.hear([{ is: 'device', changes: [ours] }])
    expect(writer.agree(leader.entries(), true)).toEqual([])
  })

  test('what is only heard of is neither pushed nor found to be on the server, until its content comes', async () => {
    const { clock, told, leader, writer } = makeJournals()
    const first = writer.note(subject, 7, true)
    leader.told([first], false)
    expect(leader.take()).toEqual([])
    expect(leader.deletes).toBe(false)
    expect(leader.holds([first])).toBe(false)
    leader.told([first], true)
    expect(leader.holds([first])).toBe(true)
    expect(leader.take()).toMatchObject([{ id: first.id }])
    const second = writer.note({ ...subject, entity: 'y' }, 7, false)
    leader.told([second], false)
    expect(leader.missing).toBe(false)
    await clock.advance(90_000)
    expect(leader.missing).toBe(true)
    leader.dropMissing()
    expect(leader.list()).toMatchObject([{ entity: 'x' }])
    expect(told.at(-1)).toMatchObject({ is: 'lost', changes: [{ id: second.id }] })
    leader.told([second], true)
    expect(leader.size).toBe(2)
  })
})
