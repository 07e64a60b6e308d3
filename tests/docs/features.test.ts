import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../../scripts/setup/root.mjs'

const page = readFileSync(join(root, 'docs/features.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => /^\| [A-Z]\d+ /.test(line))
  .map((line) => {
    const [id = '', , where = '', files = '', tests = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    return { id, where, files: pathsIn(files), tests: pathsIn(tests) }
  })

function pathsIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
}

describe('docs/features.md', () => {
  test('the page has rows', () => {
    expect(rows.length).toBeGreaterThan(5)
  })

  test.each(rows)('$id names a place, files and tests that exist', ({ where, files, tests }) => {
    expect(where).not.toBe('')
    expect(files.length).toBeGreaterThan(0)
    expect(tests.length).toBeGreaterThan(0)
    for (const path of [...files, ...tests]) expect(existsSync(join(root, path)), path).toBe(true)
    for (const path of tests) expect(path).toMatch(/\.test\.tsx?$/)
  })
})
