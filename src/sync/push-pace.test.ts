import { describe, expect, test } from 'vitest'
import { makePushPace } from './push-pace.ts'

/** What an edit made now would wait, after edits at these moments and a push that ended then. */
function pauseAfter(edits: readonly number[], endedAt: number, now: number): number {
  let time = 0
  const pace = makePushPace({ now: () => time, after: () => () => {} })
  const events = [...edits.map((at) => ({ at, happen: pace.edited })), { at: endedAt, happen: pace.ended }]
  for (const { at, happen } of events.toSorted((one, other) => one.at - other.at)) {
    time = at
    happen()
  }
  time = now
  return pace.pause()
}

describe('[S10] the pace of pushes', () => {
  test.each([
    ['one edit waits for nothing', [0], 5, 6, 0],
    ['keys held down at thirty a second wait for nothing', [0, 33, 66, 99], 100, 100, 0],
    ['fifty edits a second wait for nothing', [0, 20, 40, 60], 60, 60, 0],
    ['a burst waits for the tenth of a second to pass', [0, 5, 10, 15], 12, 15, 97],
    ['a burst long after the last push goes at once', [1_000, 1_000, 1_000, 1_000], 200, 1_000, 0],
    ['a burst that is over is none', [0, 5, 10, 15], 12, 60, 0],
    [
      'a clock put back by an hour makes nobody wait for it',
      [4e6, 4e6 + 5, 4e6 + 9, 4e6 + 9],
      4e6 + 9,
      4e5,
      0,
    ],
  ])('%s', (_name, edits, endedAt, now, pause) => {
    expect(pauseAfter(edits, endedAt, now)).toBe(pause)
  })
})
