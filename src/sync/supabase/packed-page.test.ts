import { describe, expect, test } from 'vitest'
import { toBase64 } from '../base64.ts'
import { makeSnapshotSlices, readLines } from './packed-page.ts'

const op = (last: string) => `01234567-89ab-cdef-0123-4567890000${last}`
const line = (last: string, ...update: number[]) => [
  ...(op(last)
    .replaceAll('-', '')
    .match(/../g)
    ?.map((byte) => Number.parseInt(byte, 16)) ?? []),
  0,
  0,
  0,
  update.length,
  ...update,
]
const pack = (...lines: number[][]) => toBase64(Uint8Array.from(lines.flat()))

describe('[P25] lines in a row', () => {
  test('are numbered from the first, with their ops and bytes', () => {
    expect(readLines(7, pack(line('01', 1, 2, 3), line('ff'), line('02', 9)))).toEqual([
      { seq: 7, op_id: op('01'), update: Uint8Array.of(1, 2, 3) },
      { seq: 8, op_id: op('ff'), update: new Uint8Array(0) },
      { seq: 9, op_id: op('02'), update: Uint8Array.of(9) },
    ])
    expect(readLines(1, '')).toEqual([])
  })

  test('keep no page alive: each update has bytes of its own', () => {
    const [one] = readLines(1, pack(line('01', 1), line('02', 2))) ?? []
    expect(one?.update?.buffer.byteLength).toBe(1)
  })

  test.each([
    ['no base64', '%'],
    ['half an op', toBase64(new Uint8Array(7))],
    ['a length beyond the end', pack(line('01', 1, 2).slice(0, -1))],
  ])('that end in %s are none', (_, text) => expect(readLines(1, text)).toBeNull())
})

describe('[P26] slices of a snapshot', () => {
  const slice = (from: number, ...bytes: number[]) => ({
    seq: 5,
    op_id: 'a',
    size: 4,
    from,
    bytes: Uint8Array.from(bytes),
  })

  test('are the snapshot once all are here, each asked for behind the one before', () => {
    const slices = makeSnapshotSlices()
    expect(slices.held('d')).toBeNull()
    expect(slices.add('d', slice(0, 1, 2))).toBeNull()
    expect(slices.held('d')).toEqual({ seq: 5, bytes: 2 })
    expect(slices.add('d', slice(2, 3, 4))).toEqual({ seq: 5, op_id: 'a', state: Uint8Array.of(1, 2, 3, 4) })
    expect(slices.held('d')).toBeNull()
  })

  test.each([
    ['of another place', { ...slice(2, 3), seq: 6 }],
    ['of another op at that place', { ...slice(2, 3), op_id: 'b' }],
    ['of another size', { ...slice(2, 3), size: 9 }],
    ['that leaves a hole', slice(3, 4)],
    ['beyond the end', slice(2, 3, 4, 5)],
  ])('one %s starts over', (_, other) => {
    const slices = makeSnapshotSlices()
    slices.add('d', slice(0, 1, 2))
    expect(slices.add('d', other)).toBeNull()
    expect(slices.held('d')).toBeNull()
    expect(slices.add('d', slice(0, 1, 2, 3, 4))?.state).toEqual(Uint8Array.of(1, 2, 3, 4))
  })

  test('begin again where the server’s snapshot was replaced', () => {
    const slices = makeSnapshotSlices()
    slices.add('d', slice(0, 1, 2))
    expect(slices.add('d', { ...slice(0, 7, 8), seq: 9 })).toBeNull()
    expect(slices.held('d')).toEqual({ seq: 9, bytes: 2 })
  })
})
