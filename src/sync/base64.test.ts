import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

test('bytes come back as they went, also many', () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, index) => (index * 7) & 255)
  expect(fromBase64(toBase64(bytes))).toEqual(bytes)
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
})

test('what is no base64 is null', () => {
  expect(fromBase64('***')).toBeNull()
  expect(fromBase64(7)).toBeNull()
  expect(fromBase64(undefined)).toBeNull()
})
