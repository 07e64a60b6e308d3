// `npm run size`: the JavaScript that a browser must have before the app can draw, gzipped, against its budget.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildApp } from './setup/build-app.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

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
process.exit(run.status ?? 1)
