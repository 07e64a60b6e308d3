import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostBytes, unfitFile } from './file-limits.ts'
import { tidyFileName } from './file-name.ts'
import { fileKind, isPicture, servedType } from './file-types.ts'
import { fitPicture } from './picture-size.ts'

test.each([
  ['image/jpeg', 'image/jpeg', true],
  ['IMAGE/PNG; charset=x', 'image/png', true],
  ['image/heic', 'image/heic', false],
  ['image/svg+xml', 'application/octet-stream', false],
  ['text/html', 'application/octet-stream', false],
  ['application/xhtml+xml', 'application/octet-stream', false],
  ['application/pdf', 'application/pdf', false],
  ['video/mp4', 'video/mp4', false],
  ['', 'application/octet-stream', false],
])('[F12] %j is served as %j, and is a picture: %s', (mime, served, picture) => {
  expect(servedType(mime)).toBe(served)
  expect(isPicture(servedType(mime))).toBe(picture)
})

test.each([
  ['image/webp', 'picture'],
  ['image/heif', 'photo'],
  ['audio/ogg', 'audio'],
  ['video/mp4', 'video'],
  ['application/pdf', 'document'],
])('%s is a %s', (mime, kind) => expect(fileKind(mime)).toBe(kind))

test.each([
  [0, 'empty'],
  [1, null],
  [mostBytes, null],
  [mostBytes + 1, 'too-large'],
])('[F8] a file of %d bytes: %s', (bytes, problem) => expect(unfitFile(bytes)).toBe(problem))

describe('a name', () => {
  test.each([
    ['photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', '.. .. etc passwd'],
    ['C:\\photos\\a.png', 'C: photos a.png'],
    ['two\nlines\t.txt', 'two lines .txt'],
    ['annex\u202Egpj.exe', 'annex gpj.exe'],
  ])('%j is shown as %j', (name, shown) => expect(tidyFileName(name)).toBe(shown))

  test('that is too long keeps its ending', () => {
    const tidy = tidyFileName(`${'x'.repeat(400)}.jpeg`)
    expect(tidy).toHaveLength(255)
    expect(tidy.endsWith('x.jpeg')).toBe(true)
  })
})

test('a fitted picture fits, keeps its proportion and never grows', () => {
  const edge = fc.integer({ min: 1, max: 20_000 })
  fc.assert(
    fc.property(edge, edge, fc.constantFrom(640, 1024, 2048), (width, height, limit) => {
      const fitted = fitPicture(width, height, limit)
      expect(Math.max(fitted.width, fitted.height)).toBeLessThanOrEqual(limit)
      expect(fitted.width).toBeLessThanOrEqual(width)
      expect(fitted.height).toBeLessThanOrEqual(height)
      expect(Math.min(fitted.width, fitted.height)).toBeGreaterThanOrEqual(1)
      const scale = Math.min(1, limit / Math.max(width, height))
      expect(Math.abs(fitted.width - width * scale)).toBeLessThanOrEqual(1)
    }),
  )
})
