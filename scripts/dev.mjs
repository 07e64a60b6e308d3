// `npm run dev`: the same stack as `npm start`, with Vite and hot reload in front of it. Takes the same flags.
import { installPackages } from './setup/install-packages.mjs'
import { requireNode } from './setup/require-node.mjs'
import { root } from './setup/root.mjs'

requireNode()
installPackages()
const { register } = await import('tsx/esm/api')
register()
const { readCommandLine } = await import('../local/command-line.ts')
// Resolves once the stack answers; it ends the process itself when it cannot start.
await import('../local/main.ts')

// vite.config.ts sends what is not the app's to this address.
process.env['TIDELINE_STACK_URL'] = `http://127.0.0.1:${readCommandLine(process.argv.slice(2)).port}`
const { createServer } = await import('vite')
const vite = await createServer({ root })
await vite.listen()
console.log('With hot reload:')
vite.printUrls()
