/** Edits of every kind that Yjs knows, for whatever looks into updates. */
import * as fc from 'fast-check'
import * as Y from 'yjs'

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
export function updatesOf(edits: readonly ((doc: Y.Doc) => void)[]): Uint8Array[] {
  const doc = new Y.Doc()
  const told: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => told.push(update))
  for (const make of edits) doc.transact(() => make(doc))
  const some = told.filter((_, place) => place % 2 === 0)
  return [...told, Y.encodeStateAsUpdate(doc), ...(some.length > 1 ? [Y.mergeUpdates(some)] : [])]
}

export const edits = fc.array(edit, { minLength: 1, maxLength: 12 })
