import { type CallDatabase, DatabaseError } from '../_shared/database.ts'
import { mergeLog } from './merge-log.ts'
import { fromBase64, type Line, type Page, readLines, toBase64 } from './packed-page.ts'

// One run: documents that are due, one after the other, each lent by the database to this run alone, then what has
// grown old is trimmed. A document that fails stops no other; it is lent again later, and later each time.

export interface Report {
  compacted: { doc: string; seq: number; bytes: number }[]
  /** Lines that no snapshot can hold. */
  unreadable: { doc: string; seq: number }[]
  failed: { doc: string; code: string }[]
  trimmed: number
}

interface Job {
  doc: string
  lease: string
}

// An edge function has two seconds of processor and is ended without a word past them. What is left is done by the
// next run.
const MOST_MERGING = 1_000
const MOST_TIME = 30_000
const PART = 3 * 1024 * 1024

/** `docs` null: those that are due. Otherwise these, whatever their length. */
export async function compactDocuments(
  call: CallDatabase,
  docs: readonly string[] | null,
  now: () => number = () => performance.now(),
): Promise<Report> {
  const report: Report = { compacted: [], unreadable: [], failed: [], trimmed: 0 }
  const begun = now()
  let merging = 0
  const hasTime = () => now() - begun < MOST_TIME && merging < MOST_MERGING

  const compactOne = async ({ doc, lease }: Job) => {
    const { snapshot, lines } = await read(call, lease)
    const start = now()
    const merged = mergeLog(snapshot, lines)
    merging += now() - start
    if (!merged) throw new Error('unmergeable')
    const seq = await write(call, lease, merged.state, merged.unreadable)
    report.compacted.push({ doc, seq, bytes: merged.state.byteLength })
    report.unreadable.push(...merged.unreadable.map((at) => ({ doc, seq: at })))
  }

  while (hasTime()) {
    const job = (await call('claim_compaction', docs ? { docs } : {})) as Job | null
    if (!job) break
    await compactOne(job).catch((error: unknown) => {
      report.failed.push({ doc: job.doc, code: error instanceof DatabaseError ? error.code : 'unmergeable' })
    })
  }
  while (hasTime()) {
    const trimmed = (await call('trim_log')) as { lines: number } | null
    if (!trimmed) break
    report.trimmed += trimmed.lines
  }
  return report
}

async function read(call: CallDatabase, lease: string) {
  let snapshot: Uint8Array | null = null
  const lines: Line[] = []
  let cursor: { seq: number; snapshot?: { seq: number; bytes: number } } = { seq: 0 }
  for (let more = true; more;) {
    const page = (await call('read_compaction', { lease, cursor })) as Page
    if (page.snapshot) {
      const { seq, size, from, state } = page.snapshot
      const slice = fromBase64(state)
      snapshot ??= new Uint8Array(size)
      snapshot.set(slice, from)
      const bytes = from + slice.length
      cursor = bytes < size ? { seq: 0, snapshot: { seq, bytes } } : { seq }
    }
    for (const line of readLines(page)) lines.push(line)
    const last = lines.at(-1)
    if (last) cursor = { seq: last.seq }
    ;({ more } = page)
  }
  return { snapshot, lines }
}

async function write(call: CallDatabase, lease: string, state: Uint8Array, unreadable: readonly number[]) {
  for (let part = 0; ; part++) {
    const bytes = toBase64(state.subarray(part * PART, (part + 1) * PART))
    const is_last = (part + 1) * PART >= state.length
    const answer = (await call('write_compaction', { lease, part, bytes, is_last, unreadable })) as {
      seq: number
    }
    if (is_last) return answer.seq
  }
}
