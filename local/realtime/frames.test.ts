import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Broadcast,
  decodeBytes,
  decodeText,
  encodeBroadcast,
  type Frame,
  MalformedFrame,
} from './frames.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
const runs = { seed, numRuns: 2_000 }

function orMalformed(decode: () => Frame): Frame | null {
  try {
    return decode()
  } catch (error) {
    if (error instanceof MalformedFrame) return null
    throw error
  }
}

describe(`frames (SEED=${seed})`, () => {
  test('[W6] whatever the bytes or the text, decoding gives a frame or says that it is malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const frame = orMalformed(() => decodeBytes(Buffer.from(bytes)))
        expect(frame === null || bytes[0] === 3).toBe(true)
      }),
      runs,
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(fc.anything()).map((value) => JSON.stringify(value)),
        ),
        (text) => {
          orMalformed(() => decodeText('2.0.0', text))
          orMalformed(() => decodeText('1.0.0', text))
        },
      ),
      runs,
    )
  })

  test('[W4] what a client writes is read back as it was', () => {
    const field = fc.string({ unit: 'grapheme', maxLength: 20 })
    fc.assert(
      fc.property(field, field, field, field, fc.uint8Array(), (joinRef, ref, topic, event, body) => {
        const strings = [joinRef, ref, topic, event, ''].map((value) => Buffer.from(value))
        const frame = decodeBytes(
          Buffer.concat([Buffer.from([3, ...strings.map((value) => value.length), 0]), ...strings, body]),
        )
        expect(frame).toMatchObject({ joinRef: joinRef || null, ref: ref || null, topic, event: 'broadcast' })
        expect(frame.broadcast).toMatchObject({ form: 'bytes', event, encoding: 'binary' })
        expect(frame.broadcast?.form === 'bytes' && Buffer.compare(frame.broadcast.body, body)).toBe(0)
      }),
      runs,
    )
  })

  test('[W5] an event that is too long for a byte of length goes as text, and bytes do not go', () => {
    const long: Broadcast = {
      form: 'bytes',
      event: 'é'.repeat(200),
      encoding: 'json',
      body: Buffer.from('{"a":1}'),
    }
    const text = encodeBroadcast('2.0.0', 'realtime:a', long)
    expect(JSON.parse(String(text))).toEqual([
      null,
      null,
      'realtime:a',
      'broadcast',
      { type: 'broadcast', event: long.event, payload: { a: 1 } },
    ])
    expect(encodeBroadcast('2.0.0', 'realtime:a', { ...long, encoding: 'binary' })).toBeNull()
  })

  test('[B5] text is passed on to the letter, digits and all', () => {
    const text = encodeBroadcast('1.0.0', 'realtime:a', {
      form: 'text',
      payload: '{"n":12345678901234567890}',
    })
    expect(text).toContain('"payload":{"n":12345678901234567890}')
  })
})
