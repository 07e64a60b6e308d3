import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { edits, updatesOf } from './testing/any-updates.ts'
import { contentOf, type ClockRange } from './update-content.ts'

/** As Yjs itself reads it; ranges that join are one. */
function asYjsReads(update: Uint8Array) {
  const { structs, ds } = Y.decodeUpdate(update)
  const inserts: ClockRange[] = []
  let before: object | null = null
  for (const struct of structs) {
    if (!(struct instanceof Y.Skip)) {
      const { client, clock } = struct.id
      const last = inserts.at(-1)
      const to = clock + struct.length
      if (last && before !== null && last.client === client && last.to === clock)
        inserts.splice(-1, 1, { ...last, to })
      else if (struct.length > 0) inserts.push({ client, from: clock, to })
    }
    before = struct instanceof Y.Skip ? null : struct
  }
  const deletes = [...ds.clients].flatMap(([client, items]) =>
    items.map(({ clock, len }) => ({ client, from: clock, to: clock + len })),
  )
  return { inserts, deletes }
}

function found(update: Uint8Array) {
  const { inserts, deletes } = contentOf(update)
  return { inserts: inserts.map(({ client, from, to }) => ({ client, from, to })), deletes }
}

describe('contentOf', () => {
  test('[S6] an update carries what Yjs finds in it', () => {
    fc.assert(
      fc.property(edits, (list) => {
        for (const update of updatesOf(list)) expect(found(update)).toEqual(asYjsReads(update))
      }),
    )
  })

  test('[S6] what it lets pass, spoilt or cut, Yjs reads to its end and finds the same in', () => {
    fc.assert(
      fc.property(
        edits,
        fc.nat(),
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.boolean(),
        (list, which, where, value, cut) => {
          const all = updatesOf(list)
          const whole = all[which % all.length] ?? new Uint8Array()
          const place = where % whole.length
          const spoilt = cut
            ? whole.slice(0, place)
            : Uint8Array.from(whole, (old, at) => (at === place ? value : old))
          const carried = read(() => found(spoilt))
          expect(carried).toEqual(carried === null ? null : asYjsReads(spoilt))
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test.each([
    ['no bytes', []],
    ['a number without an end', [0x80]],
    ['a struct that is missing', [1, 1, 1, 0]],
    ['a content that does not exist', [1, 1, 1, 0, 11, 1, 1, 0x6d, 0]],
    ['a text that is no UTF-8', [1, 1, 1, 0, 4, 1, 1, 0x6d, 1, 0xff, 0]],
    [
      'values nested without end',
      [1, 1, 1, 0, 8, 1, 1, 0x6d, 1, ...Array.from({ length: 4_000 }, () => [117, 1]).flat()],
    ],
  ])('[S6] %s is no update', (_name, bytes) => {
    expect(() => contentOf(Uint8Array.from(bytes))).toThrow(Error)
  })
})

function read<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
