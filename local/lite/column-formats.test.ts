import { describe, expect, test } from 'vitest'
import { columnFormats } from './column-formats.ts'

describe('column formats', () => {
  test.each([
    ['2026-02-03 04:05:06.789+00', '2026-02-03T04:05:06.789+00:00'],
    ['2026-02-03 04:05:06-03', '2026-02-03T04:05:06-03:00'],
    ['2026-02-03 04:05:06+05:30', '2026-02-03T04:05:06+05:30'],
    ['2026-02-03 04:05:06', '2026-02-03T04:05:06'],
    ['infinity', 'infinity'],
    ['0044-03-15 12:00:00+00 BC', '0044-03-15 12:00:00+00 BC'],
  ])('%s reads %s', (stored, sent) => {
    expect(columnFormats.timestamptz.parse(stored)).toBe(sent)
  })

  test('bytes are hex, and hex stays hex', () => {
    expect(columnFormats.bytea.serialize(new Uint8Array([0, 255]))).toBe('\\x00ff')
    expect(columnFormats.bytea.serialize('\\x00ff')).toBe('\\x00ff')
  })
})
