// `npm run check`: types, lint and import rules, circles, unused code, format. Two at a time, each one's output
// printed whole when it ends; the exit code is 1 when any of them objects.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()

const checks = [
  ['types: app', 'tsc', '-p', 'tsconfig.json'],
  ['types: worker', 'tsc', '-p', 'tsconfig.worker.json'],
  ['types: node', 'tsc', '-p', 'tsconfig.node.json'],
  ['lint and import rules', 'oxlint', '--deny-warnings', '.'],
  [
    'circles',
    'dpdm',
    '--no-tree',
    '--no-warning',
    '--no-output',
    '--no-progress',
    '--transform',
    '--exit-code',
    'circular:1',
    'src/**/*.{ts,tsx}',
    'local/**/*.ts',
    'supabase/functions/**/*.ts',
  ],
  ['unused code', 'knip'],
  ['format', 'oxfmt', '--check', '.'],
]

function run([title, command, ...args]) {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(join(root, 'node_modules/.bin', command), args, {
      cwd: root,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(`${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)`)
      if (code !== 0) console.log(output.trimEnd())
      resolve(code === 0)
    })
  })
}

const waiting = [...checks]
let good = true
async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    good = (await run(next)) && good
}
await Promise.all([work(), work()])
process.exit(good ? 0 : 1)
