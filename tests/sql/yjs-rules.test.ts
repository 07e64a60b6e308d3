import { afterAll, describe, expect, test } from 'vitest'
import { varText } from './forgeries.ts'
import { complaintOfYjs, complaints, dismissServer } from './verdict.ts'

afterAll(dismissServer)

/** One section of client 5 with the structs given, and the delete set given. */
const update = (structs: number[][], deletions: number[] = [0]) =>
  Buffer.from([1, structs.length, 5, 0, ...structs.flat(), ...deletions])
const root = [1, ...varText('r')]
const nested = (depth: number) => [...Array.from({ length: depth }, () => [117, 1]).flat(), 126]
const json = (depth: number) => varText('['.repeat(depth) + ']'.repeat(depth))
const largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
const tooLarge = largest.with(7, 0x10)

describe('what is spelled wrong in one place', () => {
  test.each<[string, Buffer, RegExp]>([
    ['[U1] no byte at all', Buffer.of(), /ends at byte 0/],
    ['[U1] a byte too many', Buffer.of(0, 0, 0), /after its end/],
    ['[U2] an unknown content', update([[11, ...root, 1]]), /unknown struct/],
    [
      '[U2] a skip with flags, which half of Yjs reads as an item',
      update([[10 | 128, 5, 0, 1]]),
      /unknown struct/,
    ],
    ['[U2] an unknown type', update([[7, ...root, 7]]), /unknown type/],
    ['[U2] an unknown value', update([[8, ...root, 1, 115]]), /unknown kind of value/],
    ['[U2] a parent that is neither a name nor an item', update([[4, 2, 5, 0, 1, 97]]), /kind of parent/],
    ['[U3] a text that is not UTF-8', update([[4, ...root, 1, 0xff]]), /UTF-8/],
    ['[U3] a surrogate written as UTF-8', update([[4, ...root, 3, 0xed, 0xa0, 0x80]]), /UTF-8/],
    ['[U3] a root name that is not UTF-8', update([[4, 1, 1, 0xc0, 1, 97]]), /UTF-8/],
    ['[U3] a format that is not JSON', update([[6, ...root, ...varText('bold'), ...varText('{')]]), /JSON/],
    ['[U3] an embed that is `undefined`', update([[5, ...root, ...varText('undefined')]]), /JSON/],
    ['[U4] an empty text', update([[4, ...root, 0]]), /length zero/],
    ['[U4] an empty list', update([[8, ...root, 0]]), /length zero/],
    ['[U4] GC of nothing', update([[0, 0]]), /length zero/],
    ['[U4] a deletion of nothing', update([[4, ...root, 1, 97]], [1, 5, 1, 0, 0]), /deletion of nothing/],
    ['[U5] an empty section', Buffer.of(1, 0, 5, 0, 0), /without structs/],
    ['[U5] a client twice', Buffer.of(2, 1, 5, 0, 0, 1, 1, 5, 1, 0, 1, 0), /order of their clients/],
    ['[U5] rising clients', Buffer.of(2, 1, 5, 0, 0, 1, 1, 6, 0, 0, 1, 0), /order of their clients/],
    ['[U6] an item right of itself', update([[4 | 128, 5, 0, 1, 97]]), /cannot exist yet/],
    ['[U6] an item inside itself', update([[7, 0, 5, 0, 1]]), /cannot exist yet/],
    ['[U7] a client beyond 2^53', Buffer.from([1, 1, ...tooLarge, 0, 0, 1, 0]), /too large/],
    ['[U7] a number that never ends', Buffer.from([1, 1, ...Array<number>(9).fill(0x80), 0]), /too large/],
    ['[U7] a clock beyond 2^48', Buffer.from([1, 1, 5, ...largest, 0, 1, 0]), /out of range/],
    ['[U8] values 101 deep', update([[8, ...root, 1, ...nested(101)]]), /too deep/],
    ['[U8] JSON 101 deep', update([[5, ...root, ...json(101)]]), /JSON/],
    ['[U8] JSON deeper than a stack', update([[5, ...root, ...json(60_000)]]), /JSON/],
    ['[U8] a subdocument without options', update([[9, ...root, ...varText('g'), 126]]), /no object/],
    [
      '[U8] a subdocument that overwrites its guid',
      update([[9, ...root, ...varText('g'), 118, 1, ...varText('guid'), 125, 1]]),
      /unknown option/,
    ],
  ])('%s is refused', async (_, bytes, complaint) => {
    expect(await complaints([bytes])).toEqual([expect.stringMatching(complaint)])
  })

  test.each<[string, Buffer]>([
    ['the empty update', Buffer.of(0, 0)],
    [
      '[U2] JSON content of old documents',
      update([[2, ...root, 3, ...varText('undefined'), ...varText('[1]'), ...varText('"\\ud800\\u0000"')]]),
    ],
    ['[U8] values 100 deep', update([[8, ...root, 1, ...nested(100)]])],
    ['[U8] JSON 100 deep', update([[5, ...root, ...json(100)]])],
    [
      '[U8] brackets in texts of JSON',
      update([[5, ...root, ...varText(JSON.stringify('\\[{"'.repeat(200)))]]),
    ],
    ['[U7] the largest client id', Buffer.from([1, 1, ...largest, 0, 0, 1, 0])],
    ['[U3] a text of NUL and backslashes', update([[4, ...root, ...varText('\u0000\\000\\\\\u0000é😀')]])],
  ])('%s is accepted', async (_, bytes) => {
    expect(complaintOfYjs(bytes)).toBeNull()
    expect(await complaints([bytes])).toEqual([null])
  })

  test('[U3] a text is as long as JavaScript says, NUL, accents and pairs included', async () => {
    const text = '\u0000\\000é😀'
    // The next item names the last character of the text, and then one that does not exist yet.
    const after = (clock: number) =>
      update([
        [4, ...root, ...varText(text)],
        [4 | 128, 5, clock, 1, 97],
      ])
    expect(await complaints([after(text.length - 1), after(text.length)])).toEqual([
      null,
      expect.stringMatching(/cannot exist yet/),
    ])
  })
})
