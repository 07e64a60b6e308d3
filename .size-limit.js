import { readFileSync } from 'node:fs'

// What index.html itself asks for: the entry, what it imports at once, and what it preloads.
const page = readFileSync(new URL('dist/index.html', import.meta.url), 'utf8')
const asked = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => `dist/${match[1]}`)

export default [
  { name: 'first JavaScript (Yjs and Solid included)', path: asked, gzip: true, limit: '110 kB' },
]
