import * as fc from 'fast-check'

/** One wound of an update: bytes cut, changed, inserted, removed, doubled or appended. */
export interface Wound {
  place: number
  how: 'cut' | 'set' | 'flip' | 'insert' | 'remove' | 'copy' | 'append'
  byte: number
  length: number
}

export const wound: fc.Arbitrary<Wound> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('cut', 'set', 'flip', 'insert', 'remove', 'copy', 'append'),
  byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 10, 0x7f, 0x80, 0xff)),
  length: fc.nat({ max: 12 }),
})

export function harm(bytes: Buffer, { place, how, byte, length }: Wound): Buffer {
  const at = place % (bytes.length + 1)
  const before = bytes.subarray(0, at)
  const after = bytes.subarray(at)
  switch (how) {
    case 'cut':
      return before
    case 'set':
      return Buffer.concat([before, Buffer.of(byte), after.subarray(1)])
    case 'flip':
      return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << (byte % 8))), after.subarray(1)])
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(length + 1, byte), after])
    case 'remove':
      return Buffer.concat([before, after.subarray(length + 1)])
    case 'copy':
      return Buffer.concat([before, after.subarray(0, length + 1), after])
    case 'append':
      return Buffer.concat([bytes, Buffer.alloc(length + 1, byte)])
  }
}
