// `npm run simulate -- --seeds N [--seed S] [--verbose] [--breakages]`: the real sync engine in a world that fails in
// every way we know, on a virtual clock. docs/simulation.md says how to read it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', join(root, 'src/sync/simulation/main.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exit(status ?? 1)
