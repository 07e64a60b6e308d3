// `npm test [-- PATTERN]`: makes the machine ready, runs every room of tests, and ends on one line that a
// program can read: `N passed, N failed`. Plain JavaScript, since nothing is installed when it starts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from './setup/build-app.mjs'
import { ensureBrowser } from './setup/find-browser.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()
const browser = ensureBrowser()
await buildApp()

const folder = mkdtempSync(join(tmpdir(), 'tideline-test-'))
const report = join(folder, 'report.json')
const run = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--passWithNoTests=false',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, BROWSER_PATH: browser ?? '' } },
)

let passed = 0
let failed = 0
try {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed = result.numPassedTests
  // A file that could not be read or set up has no failed test of its own, yet nothing in it was proven.
  const brokenFiles = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  // A skipped test protects nothing, unless a name was asked for and the others were left out on purpose.
  const byName = process.argv.some(
    (argument) => argument === '-t' || argument.startsWith('--testNamePattern'),
  )
  const skipped = byName ? 0 : result.numPendingTests + result.numTodoTests
  failed = result.numFailedTests + brokenFiles + skipped
} catch {
  failed = 1
}
if (run.status !== 0 && failed === 0) failed = 1
rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
