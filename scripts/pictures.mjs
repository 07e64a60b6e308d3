// `npm run pictures`: takes the pictures of README.md and of the app's manifest anew, from the demo workspace.
import { register } from 'tsx/esm/api'
import { ensureBrowser } from './setup/find-browser.mjs'
import { buildApp } from './setup/build-app.mjs'

const browserPath = ensureBrowser()
if (browserPath === undefined) process.exit(1)
process.env['BROWSER_PATH'] = browserPath
await buildApp()
register()
const { takePictures } = await import('../tests/e2e/harness/pictures.ts')
await takePictures()
