import * as fc from 'fast-check'
import * as Y from 'yjs'

// Random histories of a few peers that use every kind of content that Yjs has, and every kind of update
// that comes out of them: one per edit, whole states, merged, partial, and with gaps.

type Step = { peer: number; kind: number; at: number; value: unknown; text: string }

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('a\u0000b', '😀😀', 'ação', '\ufeffx', 'undefined'),
)

const value = fc.oneof(
  fc.anything({ maxDepth: 3, withBigInt: false, withNullPrototype: false, values: [fc.string()] }),
  fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constant(2 ** 53),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 9 }),
    fc.constantFrom(undefined, null, true, false, -0, 1e300, 0.5, '', '__proto__'),
    fc.jsonValue({ maxDepth: 4 }),
  ),
)

export const history: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    peer: fc.nat({ max: 2 }),
    kind: fc.nat({ max: 16 }),
    at: fc.nat({ max: 40 }),
    value,
    text,
  }),
  { minLength: 1, maxLength: 30 },
)

/** Replays a history and returns every update it gave rise to, without repetitions. */
export function updatesOf(steps: Step[], clientIds: readonly number[]): Uint8Array[] {
  const emitted: Uint8Array[] = []
  const peers = clientIds.map((clientID, place) => {
    const peer = new Y.Doc({ gc: place !== 1 })
    peer.clientID = clientID
    peer.on('update', (update: Uint8Array) => emitted.push(update))
    return peer
  })
  for (const step of steps) {
    const peer = peers[step.peer % peers.length]
    if (peer) peer.transact(() => edit(peer, step, peers))
  }
  const whole = peers.map((peer) => Y.encodeStateAsUpdate(peer))
  const updates = [...emitted, ...whole, Y.mergeUpdates(whole)]
  if (emitted.length > 1) {
    // Merged with gaps: these carry skips.
    updates.push(Y.mergeUpdates(emitted.filter((_, place) => place % 2 === 0)))
    // A state with something in it that waits for what is missing.
    const behind = new Y.Doc()
    for (const update of emitted.slice(1)) Y.applyUpdate(behind, update)
    updates.push(Y.encodeStateAsUpdate(behind))
    for (const peer of peers) {
      updates.push(Y.encodeStateAsUpdate(peer, Y.encodeStateVector(behind)))
    }
    const first = emitted[0]
    if (first) {
      updates.push(Y.diffUpdate(Y.mergeUpdates(whole), Y.encodeStateVectorFromUpdate(first)))
      updates.push(Y.obfuscateUpdate(Y.mergeUpdates(whole)))
    }
  }
  return [...new Map(updates.map((update) => [Buffer.from(update).toString('hex'), update])).values()]
}

function edit(doc: Y.Doc, { kind, at, value, text }: Step, peers: Y.Doc[]): void {
  const map = doc.getMap<unknown>('map')
  const list = doc.getArray<unknown>('list')
  const prose = doc.getText('text')
  const tree = doc.getXmlFragment('tree')
  const into = (length: number) => (length === 0 ? 0 : at % (length + 1))
  const within = (length: number) => Math.min(at % Math.max(length, 1), Math.max(length - 1, 0))
  const span = (from: number, length: number) => Math.min(1 + (at % 5), length - from)
  switch (kind) {
    case 0:
      prose.insert(into(prose.length), text)
      return
    case 1:
      if (prose.length > 0) {
        const from = within(prose.length)
        prose.delete(from, span(from, prose.length))
      }
      return
    case 2:
      if (prose.length > 0) {
        const from = within(prose.length)
        prose.format(from, span(from, prose.length), { [text || 'bold']: jsonSafe(value) })
      }
      return
    case 3:
      prose.insertEmbed(into(prose.length), { embed: jsonSafe(value) })
      return
    case 4:
      map.set(text, value === undefined ? [value] : value)
      return
    case 5:
      map.delete([...map.keys()][at] ?? text)
      return
    case 6:
      list.insert(into(list.length), [[value], text, at])
      return
    case 7:
      if (list.length > 0) list.delete(within(list.length), 1)
      return
    case 8:
      map.set(text, new Y.Map([['inner', new Y.Array()]]))
      return
    case 9:
      list.insert(into(list.length), [new Y.Text(text), new Y.Map(), Uint8Array.of(1, 2, at)])
      return
    case 10: {
      const element = new Y.XmlElement(text || 'p')
      tree.insert(into(tree.length), [element, new Y.XmlText(text)])
      element.setAttribute('key', text)
      return
    }
    case 11:
      if (tree.length > 0) tree.delete(within(tree.length), 1)
      return
    case 12:
      map.set(text, new Y.Doc({ guid: text || 'guid', meta: value, autoLoad: at % 2 === 0, gc: at % 3 > 0 }))
      return
    case 13:
      map.set(text, new Y.XmlHook('hook'))
      return
    case 14:
      for (const nested of map.values()) if (nested instanceof Y.Map) nested.set(text, value)
      return
    default:
      for (const other of peers) {
        if (other !== doc) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)))
      }
  }
}

/** Formats and embeds travel as JSON; `undefined` and BigInt have none. */
function jsonSafe(value: unknown): never {
  return JSON.parse(
    JSON.stringify(value ?? null, (_, part: unknown) =>
      typeof part === 'bigint' ? part.toString() : part,
    ) ?? 'null',
  ) as never
}

/** Everything that a device does with a document it got. Throws if any of it does. */
export function readAsDevice(update: Uint8Array): void {
  Y.decodeUpdate(update)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  const again = Y.encodeStateAsUpdate(doc)
  const other = new Y.Doc()
  other.getText('text').insert(0, 'before')
  Y.applyUpdate(other, again)
  Y.applyUpdateV2(new Y.Doc(), Y.encodeStateAsUpdateV2(other))
  Y.applyUpdate(new Y.Doc(), Y.mergeUpdates([Y.encodeStateAsUpdate(other), update]))
  Y.diffUpdate(update, Y.encodeStateVectorFromUpdate(again))
  // Applying twice is what a device does that pulls what it already has.
  Y.applyUpdate(doc, update)
}
