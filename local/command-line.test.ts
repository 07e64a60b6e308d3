import { describe, expect, test } from 'vitest'
import { readCommandLine } from './command-line.ts'

describe('the command line', () => {
  test('nothing said is the loopback on 4173', () => {
    expect(readCommandLine([])).toMatchObject({ port: 4173, host: '127.0.0.1', reset: false })
    expect(readCommandLine([]).dataDir).toMatch(/\.tideline$/)
  })

  test('every option is heard', () => {
    const said = ['--port', '0', '--host', '0.0.0.0', '--data=/var/t', '--reset']
    expect(readCommandLine(said)).toEqual({
      port: 0,
      host: '0.0.0.0',
      dataDir: '/var/t',
      reset: true,
      help: false,
    })
  })

  test.each([
    [['--port', 'abc']],
    [['--port', '70000']],
    [['--port', '-1']],
    [['--prot', '1']],
    [['--data=']],
    [['extra']],
  ])('%j is refused and nothing starts', (args) => {
    expect(() => readCommandLine(args)).toThrowError(expect.objectContaining({ name: 'BadCommandLine' }))
  })
})
