import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'

const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'tsconfig.base.json', 'package-lock.json']
const markFile = join(root, 'dist', '.built-from')

/** Builds the app into dist/ unless dist/ was built from these very sources and settings. */
export async function buildApp(log = console.log) {
  const settings = ['VITE_SUPABASE_URL', 'VITE_SUPABASE_PUBLISHABLE_KEY']
    .map((name) => `${name}=${process.env[name] ?? ''}`)
    .join('\n')
  const wanted = `${fingerprint(sources.map((path) => join(root, path)))}\n${settings}`
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === wanted) return
  log('Building the app …')
  const { build } = await import('vite')
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  writeFileSync(markFile, wanted)
}
