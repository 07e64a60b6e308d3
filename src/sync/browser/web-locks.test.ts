import { expect, test } from 'vitest'
import { makeWebLocks } from './web-locks.ts'

const never = new AbortController().signal

/** As the standard says it: one holder a name, a queue, and a theft that rejects what the holder asked. */
function makeLockManager() {
  const asked: LockOptions[] = []
  let take = () => {}
  const request = async (
    _name: string,
    options: LockOptions,
    granted: (lock: unknown) => Promise<void> | null,
  ) => {
    asked.push(options)
    if (options.ifAvailable) return granted(null)
    const stolen = new Promise<never>((_, reject) => {
      take = () => reject(new DOMException('stolen', 'AbortError'))
    })
    return Promise.race([granted({}), stolen])
  }
  return { manager: { request } as unknown as LockManager, asked, steal: () => take() } // only `request` is used
}

test('a stolen lock is told to its holder, and the hold ends when the holder has', async () => {
  const { manager, steal } = makeLockManager()
  const log: string[] = []
  const hold = makeWebLocks(manager, 'p/')?.hold('x', { signal: never }, async (lost) => {
    await new Promise<void>((resolve) => lost.addEventListener('abort', () => resolve()))
    log.push('tidied up')
  })
  steal()
  await hold
  expect(log).toEqual(['tidied up'])
})

test('what fails while the lock is held is told, not taken for a theft', async () => {
  const { manager } = makeLockManager()
  const hold = makeWebLocks(manager, 'p/')?.hold('x', { signal: never }, () =>
    Promise.reject(new Error('no')),
  )
  await expect(hold).rejects.toThrow('no')
})

test('a request that steals names no signal, which the standard refuses; one that is taken answers so', async () => {
  const { manager, asked } = makeLockManager()
  const locks = makeWebLocks(manager, 'p/')
  await locks?.hold('x', { signal: never, steal: true }, async () => {})
  await locks?.hold('x', { signal: AbortSignal.abort(), steal: true }, async () => {})
  expect(asked).toEqual([{ steal: true }])
  expect(await locks?.holdIfFree('x', async () => {})).toBe(false)
})

test('where Web Locks are missing there are none', () => {
  expect(makeWebLocks(undefined, 'p/')).toBeNull()
})
