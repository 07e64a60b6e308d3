/**
 * Reads the log: all wanted documents in one call, page by page. [S9] One pull at a time; what is asked for while
 * one runs is read by the next, so that a pull asked for after a join has surely begun after it.
 */
import { inTime } from './in-time.ts'
import { START } from './log-position.ts'
import { LogServerError, type Cursor, type PulledDocument, type SyncPorts } from './ports.ts'

const TIMEOUT = 20_000
const MOST_DOCUMENTS = 500
// A hint that pulls cannot reach was forged or of a log that is gone.
const MOST_TRIES = 3

/** What the log is read into: a document that is open, or one that is only kept. */
export interface Pulled {
  readonly id: string
  readonly position: { readonly cursor: Cursor; readonly anchor: Cursor }
  /** Wants no further page, whatever an answer says. */
  readonly finished?: boolean
  /** A page of the log, asked for when this was known of it. False when the log has to be read from its start. */
  applyPulled(answer: PulledDocument, known: Cursor): boolean
  /** Applies the hints that now follow the cursor. True when a gap is left. */
  catchUpWithHints(): boolean
  /** Hints that no pull could reach are not waited for. */
  forgetHints(): void
}

export interface Puller<D extends Pulled> {
  pull(documents: Iterable<D>): Promise<void>
  /** The same for a gap: what is being asked for already may fill it. */
  catchUp(document: D): Promise<void>
  /** It is wanted, or asked for and not answered. */
  isReading(document: D): boolean
  /** What is still answered is not heard: another tab leads, or nobody does. */
  stop(): void
}

export interface PullerEvents<D extends Pulled> {
  refused(document: D, code: string): void
  /** These have a page; the next one is asked for once this is done. */
  paged?(documents: Iterable<D>): Promise<void>
}

export function makePuller<D extends Pulled>(
  { clock, server }: Pick<SyncPorts, 'clock' | 'server'>,
  events: PullerEvents<D>,
): Puller<D> {
  const wanted = new Map<D, number>()
  const gaps = new Set<D>()
  let asked: ReadonlyMap<D, number> = new Map()
  let running: Promise<void> | null = null
  let stopped = false

  const page = async () => {
    asked = new Map([...wanted].slice(0, MOST_DOCUMENTS))
    for (const document of asked.keys()) wanted.delete(document)
    // What is heard while the call is under way may be newer than its answer.
    const known = new Map([...asked.keys()].map((document) => [document, document.position.anchor]))
    const cursors = new Map([...asked.keys()].map(({ id, position }) => [id, position.cursor]))
    const answers = await inTime(clock, TIMEOUT, (signal) => server.pull(cursors, signal))
    if (stopped) return
    const waiting: D[] = []
    let forward = false
    for (const [document, tries] of asked) {
      const answer = answers.get(document.id)
      if (!answer) continue
      if ('error' in answer) {
        events.refused(document, answer.error)
        continue
      }
      if (answer.arriving && !answer.reset) {
        // Nothing to read yet: for a screen, no answer came.
        forward = true
        wanted.set(document, wanted.get(document) ?? 0)
        continue
      }
      const before = document.position.cursor.seq
      // A push found meanwhile that the log is another: this answer follows a place that was given up.
      const follows = before >= (cursors.get(document.id)?.seq ?? 0)
      const read = follows && document.applyPulled(answer, known.get(document) ?? START)
      if (document.finished) {
        forward = true
        continue
      }
      const gap = document.catchUpWithHints()
      const moved = document.position.cursor.seq > before
      if (moved || answer.reset) forward = true
      else if (read && answer.more) {
        // A page that is full of the others has no room for this one.
        waiting.push(document)
        continue
      }
      if (read && !answer.more && !gap) continue
      if (moved || tries < MOST_TRIES) wanted.set(document, wanted.get(document) ?? (moved ? 0 : tries + 1))
      else document.forgetHints()
    }
    await events.paged?.(asked.keys())
    for (const document of waiting) wanted.set(document, 0)
    const [stuck] = waiting
    if (stuck && !forward) throw new LogServerError('rejected', `the log of ${stuck.id} does not go on`)
  }

  const askForGaps = () => {
    for (const document of gaps) {
      const { cursor, anchor } = document.position
      if (document.catchUpWithHints() || cursor.seq < anchor.seq)
        wanted.set(document, wanted.get(document) ?? 0)
    }
    gaps.clear()
  }

  const run = async () => {
    // Never ends before its promise is known as the running one.
    await Promise.resolve()
    try {
      while (wanted.size > 0) {
        await page()
        askForGaps()
      }
    } finally {
      asked = new Map()
      gaps.clear()
      wanted.clear()
      running = null
    }
  }

  const pull = (documents: Iterable<D>) => {
    if (stopped) return Promise.resolve()
    for (const document of documents) wanted.set(document, 0)
    running ??= run()
    return running
  }

  return {
    isReading: (document) => wanted.has(document) || asked.has(document),
    pull,
    catchUp(document) {
      if (!running || !asked.has(document)) return pull([document])
      gaps.add(document)
      return running
    },
    stop() {
      stopped = true
      wanted.clear()
    },
  }
}
