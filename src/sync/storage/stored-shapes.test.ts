import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBytes, readPending, readRecord, readSetAside, readTold } from './stored-shapes.ts'

const cursor = { seq: 3, op_id: 'o' }
const record = { epoch: 'e', cursor, anchor: cursor, acknowledged: new Map([[7, 3]]) }
const pending = {
  id: 'a',
  collection: 'tasks',
  entity: 'x',
  fields: ['title'],
  at: 1,
  client: 7,
  deletes: false,
  rev: 2,
}

describe('[D12] what a database holds is looked at before it is believed', () => {
  test('what we wrote is read as it was written', () => {
    expect(readRecord(record)).toEqual(record)
    expect(readPending('a/000000002', pending)).toEqual([pending])
    expect(readSetAside('3', cursor)).toEqual([cursor])
    expect(readTold('t', { id: 't', update: Uint8Array.of(1) })).toHaveLength(1)
    expect(readBytes(Uint8Array.of(1))).toEqual(Uint8Array.of(1))
  })

  test.each([
    ['no object', 7],
    ['no cursor', { ...record, cursor: undefined }],
    ['half a place', { ...record, anchor: { seq: 1.5, op_id: null } }],
    ['a vector that is no map', { ...record, acknowledged: { 7: 3 } }],
    ['a vector of words', { ...record, acknowledged: new Map([['7', 3]]) }],
    ['an epoch that is a number', { ...record, epoch: 7 }],
  ])('a record with %s is none: the log is read from its start', (_name, value) => {
    expect(readRecord(value)).toBeNull()
  })

  test.each([
    ['nothing', undefined],
    ['another’s id', { ...pending, id: 'b' }],
    ['no revision', { ...pending, rev: undefined }],
    ['fields that are no words', { ...pending, fields: [7] }],
  ])('a pending change with %s stands for one that deleted something', (_name, value) => {
    expect(readPending('a/000000004', value)).toMatchObject([{ id: 'a', deletes: true, rev: 4 }])
  })

  test('whatever stands there, reading it throws nothing', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withTypedArray: true }), (value) => {
        readRecord(value)
        readPending('a', value)
        readSetAside('3', value)
        readTold('t', value)
        expect(readBytes(value)).toBeInstanceOf(Uint8Array)
      }),
    )
  })
})
