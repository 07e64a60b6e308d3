import { describe, expect, test } from 'vitest'
import { createAttempts } from './attempts.ts'

describe('guessing', () => {
  test('is heard a few times, then not for a while, then again', () => {
    let time = 0
    const attempts = createAttempts({ most: 3, seconds: 60, now: () => time })
    for (let i = 0; i < 3; i++) {
      attempts.check('a')
      attempts.failed('a')
    }
    expect(() => attempts.check('a')).toThrow('Too many wrong attempts')
    expect(() => attempts.check('b')).not.toThrow()
    time = 61_000
    expect(() => attempts.check('a')).not.toThrow()
  })

  test('is forgotten once it was right', () => {
    const attempts = createAttempts({ most: 2 })
    attempts.failed('a')
    attempts.succeeded('a')
    attempts.failed('a')
    expect(() => attempts.check('a')).not.toThrow()
  })
})
