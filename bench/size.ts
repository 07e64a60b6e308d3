/** What `src/sync` weighs in a real build, gzipped, without Yjs and supabase-js: as the app imports it, and part by part. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { report } from './measure/report.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const before = ['engine', 'browser/browser-ports', 'collection-map']
const after = [
  'leading-part',
  'supabase/log-server',
  'supabase/live-channel',
  'supabase/meeting-channels',
  'supabase/session',
]
const exported = (files: readonly string[]) => files.map((file) => `export * from './${file}.ts'`).join('\n')

const parts = {
  'before the first frame': exported(before),
  'all, with what leads and what speaks to the server, which come after it': exported([...before, ...after]),
}

async function weigh(source: string): Promise<number> {
  const entry = join(root, 'src/sync/measured-entry.ts')
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [
      {
        name: 'measured',
        // No such file is there: these are its words.
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      // As a library it would keep its white space.
      rollupOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        external: [/^yjs/, /^lib0/, /^@supabase/, /^valibot/],
      },
    },
  })
  const outputs = Array.isArray(built) ? built : [built]
  const code = outputs.flatMap((result) =>
    'output' in result ? result.output.map((file) => (file.type === 'chunk' ? file.code : '')) : [],
  )
  if (process.argv.includes('--verbose')) tellModules(outputs)
  return gzipSync(code.join(''), { level: 9 }).length
}

/** What weighs what, before compression, heaviest first. */
function tellModules(outputs: readonly object[]): void {
  const chunks = outputs.flatMap((result) => ('output' in result ? (result.output as Chunk[]) : []))
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules ?? {}))
  for (const [id, { renderedLength }] of modules.toSorted(
    (a, b) => b[1].renderedLength - a[1].renderedLength,
  ))
    process.stderr.write(`  ${String(renderedLength).padStart(7)} ${id.replace(root, '')}\n`)
}

interface Chunk {
  readonly modules?: Readonly<Record<string, { readonly renderedLength: number }>>
}

const seen: Record<string, { bytes: number }> = {}
for (const [name, source] of Object.entries(parts)) seen[name] = { bytes: await weigh(source) }
report({
  title: 'Weight of `src/sync`, gzipped, without Yjs, supabase-js and valibot',
  unit: 'bytes; `domain`, as far as it is used, is counted',
  seen,
  goals: [
    {
      what: 'kB, all of it',
      goal: 9,
      seen: Number(
        (
          (seen['all, with what leads and what speaks to the server, which come after it']?.bytes ?? NaN) /
          1000
        ).toFixed(1),
      ),
    },
  ],
})
process.exit()
