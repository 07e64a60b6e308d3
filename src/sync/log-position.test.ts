import { describe, expect, test } from 'vitest'
import { makeLogPosition, START } from './log-position.ts'

const at = (seq: number, op_id = `op ${seq}`) => ({ seq, op_id })

describe('[S21] an operation of ours that the log took beyond the cursor', () => {
  test('is passed when the line before it is read', () => {
    const position = makeLogPosition(null)
    position.know(at(2), at(1))
    expect(position.cursor).toEqual(START)
    expect(position.anchor).toEqual(at(2))
    position.reach(at(1))
    expect(position.cursor).toEqual(at(2))
  })

  test('is passed at once where the cursor stands before it, and so are those that follow', () => {
    const position = makeLogPosition(null)
    position.know(at(3), at(2))
    position.know(at(2), at(1))
    position.know(at(1), START)
    expect(position.cursor).toEqual(at(3))
  })

  test('is not passed when another operation stands before it', () => {
    const position = makeLogPosition(null)
    position.know(at(2), at(1))
    position.reach(at(1, 'of a log that was restored'))
    expect(position.cursor).toEqual(at(1, 'of a log that was restored'))
  })

  test('is not passed when the cursor jumps over its ground, nor in another life of the log', () => {
    const position = makeLogPosition(null)
    position.know(at(3), at(2))
    position.reach(at(4))
    expect(position.cursor).toEqual(at(4))
    position.know(at(9), at(8))
    position.restart('another')
    position.reach(at(8))
    expect(position.cursor).toEqual(at(8))
  })
})
