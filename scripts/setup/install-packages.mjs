import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'

const modules = join(root, 'node_modules')
// Kept inside node_modules, so that deleting the folder forgets the mark with it.
const markFile = join(modules, '.tideline-installed')

/** Installs what package-lock.json asks for, unless node_modules already holds it. */
export function installPackages(log = console.log) {
  const wanted = fingerprint([join(root, 'package-lock.json')])
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === wanted) return
  log('Installing packages …')
  // `npm ci` refuses a lock file that lacks the optional packages of other platforms, and a registry that
  // does not carry them makes such lock files. `npm install` takes the same versions and refuses nothing.
  if (!npm(['ci'], 'ignore') && !npm(['install', '--no-save'], 'inherit')) {
    console.error('npm could not install the packages: see its lines above.')
    process.exit(1)
  }
  writeFileSync(markFile, wanted)
}

function npm(command, complaints) {
  const done = spawnSync(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    [...command, '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: ['ignore', complaints, complaints], shell: process.platform === 'win32' },
  )
  return done.status === 0
}
