import { expect, test } from 'vitest'
import { Snapshot } from './snapshot.ts'

test.each([
  ['10:20:12,15', 9n, true],
  ['10:20:12,15', 12n, false],
  ['10:20:12,15', 13n, true],
  ['10:20:12,15', 20n, false],
  ['10:10:', 9n, true],
  ['10:10:', 10n, false],
  ['9007199254740993:9007199254740994:', 9007199254740993n, true],
])('a snapshot %s and transaction %d: %s', (text, transaction, expected) => {
  expect(new Snapshot(text).contains(transaction)).toBe(expected)
})
