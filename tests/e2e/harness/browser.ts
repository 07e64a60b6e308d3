import { type Browser, chromium } from 'playwright-core'

/** A headless Chromium; without these flags it talks to the outside at every start. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['BROWSER_PATH']
  return chromium.launch({
    executablePath:
      executablePath === undefined || executablePath === '' ? '/usr/bin/chromium' : executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
