import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OwnStack, ownStack } from '../harness/own-stack.ts'

let own: OwnStack
let app: string
const script = 'console.log(1)\n'.repeat(200)

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'tideline-app-'))
  await mkdir(join(app, 'assets'))
  await writeFile(join(app, 'index.html'), '<!doctype html><script>theme()</script><div id="root"></div>')
  await writeFile(join(app, 'assets', 'main-B4x_9zQ1.js'), script)
  await writeFile(join(app, 'sw.js'), '// worker')
  await writeFile(join(app, 'manifest.webmanifest'), '{}')
  own = await ownStack({ appDir: app })
})

afterAll(async () => {
  await own.dispose()
  await rm(app, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${own.stack.url}${path}`, { headers })

/** Sends the path as it stands: fetch would tidy it first. */
const rawGet = (path: string) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(own.stack.url)
    request({ hostname, port, path }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
      .on('error', reject)
      .end()
  })

describe('the built app', () => {
  test('every path of a screen is the page, which is never taken from a cache', async () => {
    for (const path of ['/', '/tasks/board/main', '/invite/abc.def-ghi']) {
      const response = await get(path, { accept: 'text/html,application/xhtml+xml' })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
  })

  test('hashed assets are kept for ever; worker and manifest are asked for each time', async () => {
    const asset = await get('/assets/main-B4x_9zQ1.js')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    for (const path of ['/sw.js', '/manifest.webmanifest']) {
      expect((await get(path)).headers.get('cache-control')).toBe('no-cache')
    }
    expect((await get('/assets/gone-B4x_9zQ1.js')).status).toBe(404)
  })

  test('text is compressed as the browser can read it, and not sent again when it is unchanged', async () => {
    const path = '/assets/main-B4x_9zQ1.js'
    for (const encoding of ['br', 'gzip']) {
      const response = await get(path, { 'accept-encoding': encoding })
      expect(response.headers.get('content-encoding')).toBe(encoding)
      expect(Number(response.headers.get('content-length'))).toBeLessThan(script.length / 10)
      expect(await response.text()).toBe(script)
    }
    const plain = await get(path, { 'accept-encoding': 'identity' })
    expect(plain.headers.get('content-encoding')).toBeNull()
    const again = await get(path, { 'if-none-match': plain.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })

  test('the page may run its own scripts and talk to its own origin, and be framed by nobody', async () => {
    const { headers } = await get('/')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+'/)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    const { host } = new URL(own.stack.url)
    expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  test.each([
    '/../keys.json',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5ckeys.json',
    '/%00',
    '/%',
  ])('%s leaves the folder of the app by no way', async (path) => {
    const { status, body } = await rawGet(path)
    expect([200, 400, 404]).toContain(status)
    expect(body).not.toContain('root:')
    expect(body).not.toContain('jwtSecret')
  })

  test('nothing but reading is done to it', async () => {
    expect((await fetch(`${own.stack.url}/`, { method: 'POST' })).status).toBe(405)
  })
})

describe('health and odd requests', () => {
  test('healthz names every part', async () => {
    const response = await get('/healthz')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      ok: true,
      version: expect.any(String),
      database: expect.stringMatching(/^\d+/),
      migrations: { applied: expect.any(Number), latest: expect.any(String) },
      functions: { running: true, names: expect.any(Array) },
      realtime: true,
      uptime: expect.any(Number),
    })
  })

  test('an upgrade to anything but realtime is refused', async () => {
    const { hostname, port } = new URL(own.stack.url)
    const ended = new Promise((resolve) => {
      request({ hostname, port, path: '/other', headers: { connection: 'upgrade', upgrade: 'websocket' } })
        .on('error', resolve)
        .on('upgrade', () => resolve('upgraded'))
        .end()
    })
    expect(await ended).not.toBe('upgraded')
  })

  test('an api path that nobody answers is an error in JSON', async () => {
    const key = { apikey: own.stack.publishableKey }
    for (const path of [
      '/rest/v1/nothing',
      '/auth/v1/nothing',
      '/storage/v1/nothing',
      '/realtime/v1/nothing',
      '/functions/v1/nothing',
    ]) {
      const response = await get(path, key)
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.headers.get('content-type')).toContain('application/json')
    }
  })
})
