import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { chooseEncoding, compress } from './compression.ts'
import { securityHeaders } from './security-headers.ts'

interface Served {
  modified: number
  content: Buffer
  type: string
  etag: string
  encoded: Map<string, Promise<Buffer>>
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'application/javascript; charset=utf-8',
  '.mjs': 'application/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** What Vite names by a hash of the content never changes under that name. */
const hashed = /^\/assets\/.*-[\w-]{8,}\.\w+(\.map)?$/

export function createBuiltApp(folder: string): (request: Request, url: URL) => Promise<Response> {
  const known = new Map<string, Served>()

  async function read(path: string): Promise<Served | undefined> {
    const file = normalize(join(folder, path))
    if (!file.startsWith(folder + sep)) return undefined
    const info = await stat(file).catch(() => undefined)
    if (!info?.isFile()) return undefined
    const cached = known.get(file)
    if (cached?.modified === info.mtimeMs) return cached
    const content = await readFile(file)
    const served: Served = {
      modified: info.mtimeMs,
      content,
      type: types[extname(file)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
      encoded: new Map(),
    }
    known.set(file, served)
    return served
  }

  return async (request, url) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response('Method not allowed', { status: 405, headers: { allow: 'GET, HEAD' } })
    }
    const path = decode(url.pathname)
    if (path === undefined) return new Response('Bad address', { status: 400 })
    // The build keeps a mark of its own in the folder.
    if (/\/\.(?!well-known\/)/.test(path)) return new Response('Not found', { status: 404 })
    const page = await read('/index.html')
    const headers = new Headers(securityHeaders(page?.content.toString() ?? '', url.host))
    if (!page) return notBuilt(headers)
    const file = path === '/' ? page : await read(path)
    // What asks for a script must not get the page, it would be cached as one. A person's address may hold a dot too:
    // an invitation's does.
    const wantsPage = request.headers.get('accept')?.includes('text/html') ?? false
    if (!file && !wantsPage && extname(path) !== '') {
      headers.set('content-type', 'text/plain; charset=utf-8')
      return new Response('Not found', { status: 404, headers })
    }
    headers.set(
      'cache-control',
      file && hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    return answer(request, file ?? page, headers)
  }
}

async function answer(request: Request, file: Served, headers: Headers): Promise<Response> {
  headers.set('content-type', file.type)
  headers.set('etag', file.etag)
  headers.set('vary', 'accept-encoding')
  if (request.headers.get('if-none-match')?.includes(file.etag)) {
    return new Response(null, { status: 304, headers })
  }
  const encoding = chooseEncoding(request.headers.get('accept-encoding'), file.type, file.content.length)
  let body = file.content
  if (encoding) {
    headers.set('content-encoding', encoding)
    let encoded = file.encoded.get(encoding)
    if (!encoded) file.encoded.set(encoding, (encoded = compress(file.content, encoding)))
    body = await encoded
  }
  headers.set('content-length', String(body.length))
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers })
}

function decode(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}

function notBuilt(headers: Headers): Response {
  headers.set('content-type', 'text/plain; charset=utf-8')
  return new Response(
    'The app is not built here. `npm start` builds it; `npm run dev` serves it with hot reload.\n',
    {
      status: 404,
      headers,
    },
  )
}
