// `npm run size`: the JavaScript that a browser must have before the app can draw, gzipped, against its budget; and
// what of it is the sync engine, which is held to a size of its own.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from './setup/build-app.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'
import { weighSources } from './setup/weigh-sources.mjs'

requireNode()
installPackages()
await buildApp()
const run = spawnSync(
  process.execPath,
  [join(root, 'node_modules/size-limit/bin.js'), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
if (!process.argv.includes('--json')) {
  const { default: budgets } = await import(join(root, '.size-limit.js'))
  const first = budgets.flatMap(({ path }) => path).map((path) => join(root, path))
  const assets = join(root, 'dist/assets')
  const scripts = readdirSync(assets).map((name) => join(assets, name))
  const all = scripts.filter((path) => path.endsWith('.js') && existsSync(`${path}.map`))
  const mapped = first.filter((path) => all.includes(path))
  const ofSync = (source) => source.includes('src/sync/')
  const say = (what, bytes) => console.log(`  ${what}: ${(bytes / 1_000).toFixed(1)} kB gzipped`)
  say('src/sync in the first JavaScript', weighSources(mapped, ofSync))
  say(
    'src/sync in all scripts of the page, files too, without Yjs and supabase-js (goal 9 kB)',
    weighSources(all, ofSync),
  )
}
process.exit(run.status ?? 1)
