/** What every `FileStore` must do; run over memory and over IndexedDB. */
import { expect, test } from 'vitest'
import type { FileStore, HeldFile } from './file-ports.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const held = (sha256: string, part: Partial<HeldFile> = {}): HeldFile => ({
  sha256,
  bytes: 3,
  usedAt: 1,
  places: { w: { docs: ['d'], confirmedAt: null, upload: null } },
  ...part,
})

export function describeFileStoreContract(makeStore: () => FileStore): void {
  test('an empty store has nothing', async () => {
    const store = makeStore()
    expect(await store.list()).toEqual([])
    expect(await store.read('a')).toBeNull()
    expect(await store.change('a', (file) => ({ ...file, usedAt: 2 }))).toBeNull()
    expect(await store.list()).toEqual([])
    store.close()
  })

  test('[F1] a file comes back as it was put, also after closing', async () => {
    const first = makeStore()
    await first.put(held('a'), bytes(1, 2, 3))
    first.close()
    const again = makeStore()
    expect(await again.list()).toEqual([held('a')])
    expect(await again.read('a')).toEqual(bytes(1, 2, 3))
    again.close()
  })

  test('[F1] the same file put again is one file, with every place it was put from', async () => {
    const store = makeStore()
    await store.put(held('a'), bytes(1, 2, 3))
    const x = { docs: ['e'], confirmedAt: 5, upload: null }
    await store.put(held('a', { places: { x }, usedAt: 9 }), bytes(1, 2, 3))
    const again = { docs: ['f'], confirmedAt: null, upload: null }
    await store.put(held('a', { places: { w: again }, usedAt: 9 }), bytes(1, 2, 3))
    const w = { ...again, docs: ['d', 'f'] }
    expect(await store.list()).toEqual([held('a', { usedAt: 9, places: { w, x } })])
    store.close()
  })

  test('a part of a larger buffer is stored alone, and what is done to it later is not', async () => {
    const store = makeStore()
    const large = bytes(0, 1, 2, 3, 4)
    const part = large.subarray(1, 4)
    await store.put(held('a'), part)
    large.fill(9)
    const read = await store.read('a')
    expect(read).toEqual(bytes(1, 2, 3))
    expect(read?.buffer.byteLength).toBe(3)
    store.close()
  })

  test('changes made at once are all made', async () => {
    const store = makeStore()
    await store.put(held('a', { usedAt: 0 }), bytes(1))
    const add = () => store.change('a', (file) => ({ ...file, usedAt: file.usedAt + 1 }))
    await Promise.all([add(), add(), add()])
    expect((await store.list())[0]?.usedAt).toBe(3)
    store.close()
  })

  test('what was removed is gone, with its bytes, and the rest stays', async () => {
    const store = makeStore()
    await store.put(held('a'), bytes(1))
    await store.put(held('b'), bytes(2))
    await store.remove(['a', 'never'])
    expect((await store.list()).map(({ sha256 }) => sha256)).toEqual(['b'])
    expect(await store.read('a')).toBeNull()
    expect(await store.read('b')).toEqual(bytes(2))
    store.close()
  })
}
