// `npm start`: installs what is missing, builds what is stale, and runs the embedded stack in this process.
// Plain JavaScript, since nothing is installed when it starts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from './setup/build-app.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()
if (existsSync(join(root, 'vite.config.ts'))) await buildApp()
const { register } = await import('tsx/esm/api')
register()
await import('../local/main.ts')
