// Order keys place an item between two others without touching either. A key is a fraction in base 62
// (`0-9A-Za-z`, the digits in the order of their code points, so that comparing strings compares fractions)
// and never ends in `0`, so a value has one spelling. Two people who insert at one place while apart draw
// different keys with high probability, because the key is drawn from a wide stretch of the gap; where they
// do meet, the item's id decides, so the order is the same everywhere.
// Growth: past either end a key moves by a small step, and when three digits are used up it doubles its
// length, so that the first 30 appends take three digits and the next million six; inside a gap it is drawn
// from the middle half, so an insertion costs at most log62(4) = 0.34 digits however it is aimed.

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = 62n
const ROOM = 16_384n // places a gap must offer before a key is drawn from it
const STEP = 8_192n // how far past the end an appended key may land
const KEY = /^[0-9A-Za-z]*[1-9A-Za-z]$/

export function isOrderKey(key: string): boolean {
  return KEY.test(key)
}

/** A key between two keys; `null` is the open end. Keys that are no order keys, or that are not in order, are
 *  read as an open end, so the answer is always a valid key. `random` gives numbers in [0, 1). */
export function orderBetween(before: string | null, after: string | null, random: () => number): string {
  const low = before !== null && isOrderKey(before) ? before : null
  const high = after !== null && isOrderKey(after) && (low === null || low < after) ? after : null
  const open = low === null || high === null
  for (let length = 3; ; length = open ? length * 2 : length + 1) {
    const first = (low === null ? 0n : scaled(low, length, 'down')) + 1n
    const last = (high === null ? BASE ** BigInt(length) : scaled(high, length, 'up')) - 1n
    const count = last - first + 1n
    if (count < ROOM) continue
    if (low !== null && high === null) return spell(first + pick(STEP, random), length)
    if (low === null && high !== null) return spell(last - pick(STEP, random), length)
    return spell(first + count / 4n + pick(count / 2n, random), length)
  }
}

function pick(count: bigint, random: () => number): bigint {
  return BigInt(Math.min(Math.floor(random() * Number(count)), Number(count) - 1))
}

function scaled(key: string, length: number, rounding: 'down' | 'up'): bigint {
  let value = 0n
  for (let index = 0; index < length; index++) {
    value = value * BASE + BigInt(index < key.length ? DIGITS.indexOf(key.charAt(index)) : 0)
  }
  return rounding === 'up' && key.length > length ? value + 1n : value
}

function spell(value: bigint, length: number): string {
  let key = ''
  for (let rest = value, index = 0; index < length; index++, rest /= BASE) {
    key = DIGITS.charAt(Number(rest % BASE)) + key
  }
  return key.replace(/0+$/, '')
}
