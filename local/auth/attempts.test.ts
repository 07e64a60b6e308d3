import { describe, expect, test } from 'vitest'
import { createAttempts } from './attempts.ts'

describe('guessing', () => {
  test('is heard a few times, then not for a while, then again', () => {
    let time = 0
    const attempts = createAttempts({ most: 3, seconds: 60, now: () => time })
    // None of them has been answered yet: guesses made at once count like guesses made in turn.
    for (let i = 0; i < 3; i++) attempts.begin('a')
    expect(() => attempts.begin('a')).toThrow('Too many wrong attempts')
    expect(() => attempts.begin('b')).not.toThrow()
    time = 61_000
    expect(() => attempts.begin('a')).not.toThrow()
  })

  test('is forgotten once it was right', () => {
    const attempts = createAttempts({ most: 2 })
    attempts.begin('a')
    attempts.begin('a')
    attempts.succeeded('a')
    expect(() => attempts.begin('a')).not.toThrow()
  })
})
