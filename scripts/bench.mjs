// `npm run bench`: runs every measurement of bench/, each in a process of its own, and keeps what they print in
// bench/results.json. docs/benchmarks.md says what was seen, and what it means.
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { buildApp } from './setup/build-app.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()
await buildApp()

const folder = join(root, 'bench')
const results = {
  machine: { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
}
let good = true
for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
  const name = file.replace(/\.ts$/, '')
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(folder, file)], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = run.stdout.trim().split('\n').at(-1) ?? ''
  if (run.status !== 0) {
    console.error(`${name} failed`)
    good = false
    continue
  }
  results[name] = JSON.parse(line)
  console.log(`${name}: ${line}`)
}
writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
process.exit(good ? 0 : 1)
