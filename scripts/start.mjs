// `npm start`: installs what is missing, builds what is stale, and runs the embedded stack in this process.
// Plain JavaScript, since nothing is installed when it starts.
import { buildApp } from './setup/build-app.mjs'
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'

requireNode()
installPackages()
buildApp()
const { register } = await import('tsx/esm/api')
register()
await import('../local/main.ts')
