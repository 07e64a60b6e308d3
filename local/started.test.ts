import { expect, test } from 'vitest'
import { Started } from './started.ts'

test('a part that never ends, and one that fails to, keep no other from ending', async () => {
  const ended: string[] = []
  const warned: string[] = []
  const log = { info() {}, warn: (line: string) => void warned.push(line) }
  const started = new Started(log, 10)
  const end = (name: string) => async () => void ended.push(name)
  started.add(end('first'))
  started.add(() => new Promise(() => {}))
  started.add(() => Promise.reject(new Error('no')))
  started.add(end('last'))
  await started.end()
  expect(ended).toEqual(['last', 'first'])
  expect(warned).toHaveLength(1)
})
