/**
 * Reads the log: all wanted documents in one call, page by page. [S9] One pull at a time; what is asked for while
 * one runs is read by the next, so that a pull asked for after a join has surely begun after it.
 */
import { inTime } from './in-time.ts'
import { LogServerError, type SyncPorts } from './ports.ts'
import type { SyncedDocument } from './synced-document.ts'

const TIMEOUT = 20_000
const MOST_DOCUMENTS = 500
// A hint that pulls cannot reach was forged or of a log that is gone.
const MOST_TRIES = 3

export interface Puller {
  pull(documents: Iterable<SyncedDocument>): Promise<void>
}

export interface PullerEvents {
  /** More is to be pushed than was known. */
  lost(): void
  refused(document: SyncedDocument, code: string): void
}

export function makePuller(
  { clock, server }: Pick<SyncPorts, 'clock' | 'server'>,
  events: PullerEvents,
): Puller {
  const wanted = new Map<SyncedDocument, number>()
  let running: Promise<void> | null = null

  const page = async () => {
    const asked = new Map([...wanted].slice(0, MOST_DOCUMENTS))
    for (const document of asked.keys()) wanted.delete(document)
    const cursors = new Map([...asked.keys()].map(({ id, position }) => [id, position.cursor]))
    const answers = await inTime(clock, TIMEOUT, (signal) => server.pull(cursors, signal))
    for (const [document, tries] of asked) {
      const answer = answers.get(document.id)
      if (!answer) continue
      if ('error' in answer) {
        events.refused(document, answer.error)
        continue
      }
      const before = document.position.cursor.seq
      if (document.applyPulled(answer)) events.lost()
      const gap = document.catchUpWithHints()
      const moved = document.position.cursor.seq !== before
      if (answer.more && !moved)
        throw new LogServerError('rejected', `the log of ${document.id} does not go on`)
      if (!answer.more && !gap) continue
      if (moved || tries < MOST_TRIES) wanted.set(document, wanted.get(document) ?? (moved ? 0 : tries + 1))
      else document.forgetHints()
    }
  }

  const run = async () => {
    // Never ends before its promise is known as the running one.
    await Promise.resolve()
    try {
      while (wanted.size > 0) await page()
    } finally {
      wanted.clear()
      running = null
    }
  }

  return {
    pull(documents) {
      for (const document of documents) wanted.set(document, 0)
      running ??= run()
      return running
    },
  }
}
