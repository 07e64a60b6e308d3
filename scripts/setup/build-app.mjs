import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'

const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'tsconfig.base.json', 'package-lock.json']
const markFile = join(root, 'dist', '.built-from')

/** Builds the app into dist/ unless dist/ was built from these very sources and settings. */
export function buildApp(log = console.log) {
  const settings = ['VITE_SUPABASE_URL', 'VITE_SUPABASE_PUBLISHABLE_KEY']
    .map((name) => `${name}=${process.env[name] ?? ''}`)
    .join('\n')
  const wanted = `${fingerprint(sources.map((path) => join(root, path)))}\n${settings}`
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === wanted) return
  log('Building the app …')
  // A process of its own gives back the 400 MB that a build takes, and its failure is no stack trace of ours.
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const done = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    // A test runner's own NODE_ENV would make a development build, without the service worker, and mark it as built.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (done.status !== 0) {
    console.error('The app could not be built: see the lines above.')
    process.exit(1)
  }
  writeFileSync(markFile, wanted)
}
