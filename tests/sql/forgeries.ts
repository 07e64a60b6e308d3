import * as fc from 'fast-check'

// Updates that are spelled right and that no Yjs would write: items under parents that are no types,
// references across types, into gaps and in circles, deletions of anything. They reach the rules that
// damage done byte by byte hardly ever finds.

function varUint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}

export const varText = (text: string): number[] => {
  const bytes = Buffer.from(text)
  return [...varUint(bytes.length), ...bytes]
}

const bytes = (...parts: (number | number[])[]): number[] => parts.flat()

const client = fc.integer({ min: 1, max: 3 })
const clock = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 20, 2 ** 47, 2 ** 49, 2 ** 52, 2 ** 53 - 1) },
)
const id = fc.tuple(client, clock).map(([who, when]) => bytes(varUint(who), varUint(when)))
const length = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: clock },
)
const name = fc.constantFrom('text', 'map', 'list', '', '__proto__')
const json = fc.constantFrom('1', 'null', '{"a":[1]}', '"x"', '{', '', 'undefined', '[[[]]]', '1 2')
const any: fc.Arbitrary<number[]> = fc.oneof(
  fc.constantFrom<number[][]>([126], [127], [120], [125, 5], [119, 1, 97], [117, 1, 126], [116, 1, 9]),
  fc.constantFrom<number[][]>([118, 1, 2, 103, 99, 121], [118, 0], [118, 1, 4, 103, 117, 105, 100, 125, 1]),
)

const contents: Record<number, fc.Arbitrary<number[]>> = {
  1: length.map(varUint),
  2: fc.array(json, { maxLength: 3 }).map((list) => bytes(varUint(list.length), list.flatMap(varText))),
  3: fc.uint8Array({ maxLength: 3 }).map((given) => bytes(given.length, Array.from(given))),
  4: fc.constantFrom('a', 'abc', '😀', 'a\u0000', '').map(varText),
  5: json.map(varText),
  6: fc.tuple(fc.constantFrom('bold', ''), json).map(([key, value]) => bytes(varText(key), varText(value))),
  7: fc.integer({ min: 0, max: 7 }).map((type) => bytes(type, type === 3 || type === 5 ? varText('p') : [])),
  8: fc.array(any, { maxLength: 3 }).map((list) => bytes(varUint(list.length), list.flat())),
  9: any.map((options) => bytes(varText('guid'), options)),
}

const item = fc
  .record({
    kind: fc.constantFrom(1, 2, 3, 4, 4, 4, 5, 6, 6, 7, 7, 7, 8, 8, 9),
    left: fc.option(id),
    right: fc.option(id),
    parent: fc.oneof(
      name.map((root) => bytes(1, varText(root))),
      id.map((at) => bytes(0, at)),
    ),
    key: fc.option(name),
  })
  .chain(({ kind, left, right, parent, key }) =>
    (contents[kind] ?? fc.constant([])).map((content) => {
      const info = kind | (left ? 128 : 0) | (right ? 64 : 0) | (key === null ? 0 : 32)
      const place =
        left || right ? bytes(left ?? [], right ?? []) : bytes(parent, key === null ? [] : varText(key))
      return bytes(info, place, content)
    }),
  )

const struct = fc.oneof(
  { weight: 10, arbitrary: item },
  { weight: 1, arbitrary: length.map((size) => bytes(0, varUint(size))) },
  { weight: 1, arbitrary: length.map((size) => bytes(10, varUint(size))) },
)

const section = fc
  .record({
    who: client,
    start: fc.constantFrom(0, 0, 0, 0, 1, 2),
    structs: fc.array(struct, { minLength: 1, maxLength: 6 }),
  })
  .map(({ who, start, structs }) => ({ who, spelled: bytes(structs.length, who, start, structs.flat()) }))

const deletions = fc
  .array(
    fc.tuple(client, fc.array(fc.tuple(clock, length), { maxLength: 3 })).map(([who, ranges]) =>
      bytes(
        who,
        ranges.length,
        ranges.flatMap(([at, size]) => bytes(varUint(at), varUint(size))),
      ),
    ),
    { maxLength: 3 },
  )
  .map((list) => bytes(list.length, list.flat()))

/** Mostly in the order of their clients, as the server wants them, so that what follows is reached. */
export const forgery: fc.Arbitrary<Buffer> = fc
  .tuple(fc.array(section, { maxLength: 3 }), deletions, fc.nat({ max: 9 }))
  .map(([sections, deleted, disorder]) => {
    const ordered =
      disorder === 0
        ? sections
        : [...new Map(sections.map((one) => [one.who, one])).values()].sort((a, b) => b.who - a.who)
    return Buffer.from([ordered.length, ...ordered.flatMap((one) => one.spelled), ...deleted])
  })
