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
      // A push found meanwhile that the log is another: this answer follows a place that was given up.
      const follows = before >= (cursors.get(document.id)?.seq ?? 0)
      const read = follows && document.applyPulled(answer)
      const gap = document.catchUpWithHints()
      const moved = document.position.cursor.seq > before
      if (read && answer.more && !moved && !answer.reset)
        throw new LogServerError('rejected', `the log of ${document.id} does not go on`)
      if (read && !answer.more && !gap) continue
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
