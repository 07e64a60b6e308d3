import * as Y from 'yjs'
import { type CallDatabase, DatabaseError } from '../_shared/database.ts'
import { fromBase64, type Page, readLines } from '../compact/packed-page.ts'
import { namedFiles } from './named-files.ts'

// One run: documents that were written since they were last read are read again for the files they name, then what
// nobody names or asks for since the grace is removed. A document that cannot be read keeps every file of its
// workspace, and is tried again by the next run.

export interface SweepReport {
  read: string[]
  failed: { doc: string; code: string }[]
  removed: string[]
}

interface Scan {
  doc: string
  snapshot: number
  head: number
}

/** Removes objects of the bucket by their names; rejects when it could not. */
export type RemoveObjects = (names: readonly string[]) => Promise<void>

// An edge function has two seconds of processor and is ended without a word past them.
const MOST_READING = 1_000
const MOST_TIME = 30_000

export async function sweepAttachments(
  call: CallDatabase,
  remove: RemoveObjects,
  now: () => number = () => performance.now(),
): Promise<SweepReport> {
  const report: SweepReport = { read: [], failed: [], removed: [] }
  const begun = now()
  let reading = 0
  const hasTime = () => now() - begun < MOST_TIME && reading < MOST_READING

  const readOne = async ({ doc, snapshot, head }: Scan) => {
    const pages = await fetchPages(call, { doc, snapshot, head })
    const start = now()
    const files = namedFiles(assemble(pages, head))
    reading += now() - start
    const kept = await call('write_attachment_scan', { doc, snapshot, head, files })
    if (kept !== true) throw new Error('the log moved under the reading')
    report.read.push(doc)
  }

  while (hasTime()) {
    const failed = report.failed.map(({ doc }) => doc)
    const scan = (await call('next_attachment_scan', { failed })) as Scan | null
    if (!scan) break
    await readOne(scan).catch((error: unknown) => {
      report.failed.push({ doc: scan.doc, code: error instanceof DatabaseError ? error.code : 'unreadable' })
    })
  }
  const leaving = (await call('claim_leaving_attachments')) as string[]
  if (leaving.length > 0) {
    try {
      await remove(leaving)
      report.removed.push(...leaving)
    } finally {
      await call('end_leaving_attachments', { files: leaving })
    }
  }
  return report
}

async function fetchPages(call: CallDatabase, scan: Scan): Promise<Page[]> {
  const pages: Page[] = []
  let cursor: { seq: number; snapshot?: { seq: number; bytes: number } } = { seq: 0 }
  for (let more = true; more;) {
    const page = (await call('read_attachment_scan', { ...scan, cursor })) as Page
    pages.push(page)
    if (page.snapshot) {
      const { seq, size, from, state } = page.snapshot
      const bytes = from + fromBase64(state).length
      cursor = bytes < size ? { seq: 0, snapshot: { seq, bytes } } : { seq }
    }
    const last = readLines(page).at(-1)
    if (last) cursor = { seq: last.seq }
    ;({ more } = page)
  }
  return pages
}

/** The document as the log has it. Throws where something is missing: what it named would count as named by nobody. */
function assemble(pages: readonly Page[], head: number): Y.Doc {
  const doc = new Y.Doc()
  let at = 0
  let state: Uint8Array | null = null
  doc.transact(() => {
    for (const page of pages) {
      if (page.snapshot) {
        const { seq, size, from, state: slice } = page.snapshot
        const bytes = fromBase64(slice)
        state ??= new Uint8Array(size)
        state.set(bytes, from)
        if (from + bytes.length < size) continue
        Y.applyUpdate(doc, state)
        at = seq
      }
      for (const { seq, update } of readLines(page)) {
        if (seq !== at + 1) throw new Error('a hole in the log')
        at = seq
        try {
          Y.applyUpdate(doc, update)
        } catch {
          // Devices set it aside as well.
        }
      }
    }
  })
  if (at !== head) throw new Error('the log ends before its head')
  return doc
}
