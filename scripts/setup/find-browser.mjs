import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]

const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...[process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']]
    .flatMap((folder) => (folder === undefined ? [] : [folder]))
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
]

/** The path of Chrome, Chromium or Edge, or undefined. `BROWSER_PATH` decides when it is set. */
function findBrowser() {
  const chosen = process.env['BROWSER_PATH']
  if (chosen !== undefined && chosen !== '') return chosen
  const folders = (process.env['PATH'] ?? '').split(process.platform === 'win32' ? ';' : ':')
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name)
      if (existsSync(path)) return path
    }
  }
  return fixedPlaces.find((path) => existsSync(path))
}

/** Finds a browser; on Debian as root it installs Debian's own; elsewhere it says what to install. */
export function ensureBrowser(log = console.log) {
  const found = findBrowser()
  if (found !== undefined) return found
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (isDebianRoot) {
    log('Installing chromium …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    })
    const installed = findBrowser()
    if (installed !== undefined) return installed
  }
  console.error(
    'The end-to-end tests need a browser: install Chrome, Chromium or Edge, or point BROWSER_PATH at one.',
  )
  return undefined
}
