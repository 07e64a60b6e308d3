import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
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

const values = fc.anything({
  withBigInt: false,
  maxDepth: 3,
  values: [
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.float(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.uint8Array(),
  ],
  key: fc.string({ unit: 'grapheme' }).filter((key) => key !== '__proto__'),
})

/** Every content that Yjs knows. */
const edit = fc.oneof(
  values.map((value) => (doc: Y.Doc) => void doc.getMap('m').set('k', value)),
  fc.string({ unit: 'grapheme' }).map((text) => (doc: Y.Doc) => doc.getText('t').insert(0, text)),
  fc.string({ unit: 'grapheme', minLength: 1 }).map((key) => (doc: Y.Doc) => {
    doc.getMap('m').set(key, new Y.Map([['a', new Y.Array()]]))
  }),
  fc
    .jsonValue()
    .map((value) => (doc: Y.Doc) => doc.getText('t').applyDelta([{ insert: 'ä', attributes: { x: value } }])),
  fc.constant((doc: Y.Doc) => doc.getText('t').insertEmbed(0, { image: 'ü' })),
  fc.constant((doc: Y.Doc) => doc.getXmlFragment('x').insert(0, [new Y.XmlElement('p'), new Y.XmlText('t')])),
  fc.constant((doc: Y.Doc) => void doc.getMap('m').set('hook', new Y.XmlHook('h'))),
  fc.constant((doc: Y.Doc) => void doc.getMap('m').set('sub', new Y.Doc({ meta: { a: 1 } }))),
  fc.constant((doc: Y.Doc) => doc.getArray('a').push(['x', 1, null])),
  fc.nat({ max: 5 }).map((at) => (doc: Y.Doc) => {
    const text = doc.getText('t')
    if (text.length > at + 2) text.delete(at, 2)
  }),
)

/** What a document tells of these edits, one by one, whole, merged, and with holes. */
function updatesOf(edits: readonly ((doc: Y.Doc) => void)[]): Uint8Array[] {
  const doc = new Y.Doc()
  const told: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => told.push(update))
  for (const make of edits) doc.transact(() => make(doc))
  const some = told.filter((_, place) => place % 2 === 0)
  return [...told, Y.encodeStateAsUpdate(doc), ...(some.length > 1 ? [Y.mergeUpdates(some)] : [])]
}

const edits = fc.array(edit, { minLength: 1, maxLength: 12 })

describe('contentOf', () => {
  test('[S6] an update carries what Yjs finds in it', () => {
    fc.assert(
      fc.property(edits, (list) => {
        for (const update of updatesOf(list)) expect(contentOf(update)).toEqual(asYjsReads(update))
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
          const found = read(() => contentOf(spoilt))
          expect(found).toEqual(found === null ? null : asYjsReads(spoilt))
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
