/** Gives `count` random bytes; the real one is `crypto.getRandomValues`. */
export type RandomBytes = (count: number) => Uint8Array

// Crockford's alphabet: no I, L, O, U, so that an id read aloud is typed back as it was.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A new ULID: ten characters of time, sixteen of chance. Ids of one device sort by the time they were made. */
export function newId(now: number, random: RandomBytes): string {
  let time = ''
  let rest = Math.floor(now)
  for (let place = 0; place < 10; place++) {
    time = ALPHABET.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  let chance = ''
  // 256 is a multiple of 32, so taking five bits of each byte is unbiased.
  for (const byte of random(16)) chance += ALPHABET.charAt(byte & 31)
  return time + chance
}

/** A version 4 UUID out of sixteen random bytes. */
export function newUuid(random: RandomBytes): string {
  const hex = Array.from(random(16), (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40
    if (index === 8) return (byte & 0x3f) | 0x80
    return byte
  })
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
