import { expect, test } from 'vitest'
import { addTask, numbered, setTask, twoDevices } from './testing/scene.ts'

const EDITS = 10_000
const ROWS = 2_000

test('[W3] ten thousand edits, each in a task of its own, cost under a second and go out in three calls', async () => {
  const { clock, a, onA, onB } = await twoDevices()
  a.network.cut()
  a.tell('offline')
  await clock.settle()
  let told = 0
  a.engine.state.subscribe(() => void told++)
  for (let n = 0; n < ROWS; n++) addTask(onA, `${numbered(n % 1_000)}${n}`, { title: 'row' })
  await clock.settle()
  const quarters: number[] = []
  for (let quarter = 0; quarter < 4; quarter++) {
    const before = process.cpuUsage()
    for (let n = 0; n < EDITS / 4; n++) {
      const row = (n * 7 + quarter) % ROWS
      setTask(onA, `${numbered(row % 1_000)}${row}`, { title: `${quarter} ${n}` })
      await clock.settle()
    }
    const { user, system } = process.cpuUsage(before)
    quarters.push((user + system) / 1_000)
  }
  expect(a.engine.state.get().pending).toHaveLength(ROWS)
  expect(a.storage.transactions).toBeGreaterThan(EDITS)
  expect(told).toBeLessThan(100)
  // A second of engine and of storage in memory on this test's machine; no edit costs more because many wait already.
  expect(quarters.reduce((sum, one) => sum + one)).toBeLessThan(3_000)
  expect(quarters[3]).toBeLessThan(5 * (quarters[0] ?? 0))
  const before = a.network.calls.push
  a.network.heal()
  a.tell('online')
  await clock.advance(2_000)
  expect(a.network.calls.push - before).toBeLessThanOrEqual(3)
  expect(a.engine.state.get().pending).toEqual([])
  expect(onB.doc.getMap('tasks').size).toBe(ROWS)
})
