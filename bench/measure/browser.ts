/**
 * A real Chromium with a profile on disk, and a server on the loopback that gives it the pages of `pages/`, built as
 * the app is built. The pages are isolated, for without that a browser's clock ticks in steps of 0.1 ms.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { build } from 'vite'
import * as Y from 'yjs'
import { ensureBrowser } from '../../scripts/setup/find-browser.mjs'
import { writeHistory } from './rows.ts'

const pages = fileURLToPath(new URL('../pages', import.meta.url))

interface Bench {
  readonly context: BrowserContext
  /** A page of its own, ready to be called. */
  page(name: string): Promise<Page>
  version(): string
}

export async function withBrowser<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const executablePath = ensureBrowser()
  if (executablePath === undefined) throw new Error('There is no browser to measure in.')
  const server = await servePages()
  const profile = await mkdtemp(join(tmpdir(), 'tideline-bench-profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
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
  try {
    return await work({
      context,
      async page(name) {
        const page = await context.newPage()
        page.on('pageerror', (error) => process.stderr.write(`  in the page: ${error.message}\n`))
        await page.goto(`${server.url}/${name}.html`)
        await page.waitForFunction('window.bench !== undefined')
        return page
      },
      version: () => context.browser()?.version() ?? 'unknown',
    })
  } finally {
    await context.close()
    await server.stop()
    await rm(profile, { recursive: true, force: true })
  }
}

async function servePages() {
  const scripts = await buildPages()
  const histories = new Map<number, Uint8Array>()
  const historyOf = (rows: number) => {
    const bytes = histories.get(rows) ?? Y.encodeStateAsUpdate(writeHistory(rows).doc)
    histories.set(rows, bytes)
    return bytes
  }
  const server = createServer(({ url = '/' }, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    const script = scripts.get(pathname.slice(1))
    if (pathname === '/history') return response.end(historyOf(Number(searchParams.get('rows'))))
    if (script !== undefined) return response.setHeader('Content-Type', 'text/javascript').end(script)
    const name = pathname.slice(1).replace('.html', '')
    response.setHeader('Content-Type', 'text/html')
    response.end(`<!doctype html><title>${name}</title><script type="module" src="/${name}.js"></script>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function buildPages(): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    root: pages,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: {
        input: ['on-device', 'on-screen'].map((name) => join(pages, `${name}.ts`)),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  const outputs = Array.isArray(built) ? built : [built]
  return new Map(
    outputs.flatMap((result) =>
      'output' in result
        ? result.output.flatMap((file) =>
            file.type === 'chunk' ? [[file.fileName, file.code] as const] : [],
          )
        : [],
    ),
  )
}
