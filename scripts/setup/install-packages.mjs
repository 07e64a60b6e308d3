import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'

const modules = join(root, 'node_modules')
// Kept inside node_modules, so that deleting the folder forgets the mark with it.
const markFile = join(modules, '.tideline-installed')

/** Runs `npm ci` unless node_modules already holds what package-lock.json asks for. */
export function installPackages(log = console.log) {
  const wanted = fingerprint([join(root, 'package-lock.json')])
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === wanted) return
  log('Installing packages …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) {
    console.error('npm ci failed: see its lines above.')
    process.exit(done.status ?? 1)
  }
  writeFileSync(markFile, wanted)
}
