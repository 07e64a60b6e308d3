/**
 * The connection log: what happened between this device and the server, newest last, five hundred lines. [L1] It is
 * kept in a book across reloads: lines go there together, seconds later or when the page is left, and a book that
 * fails costs nothing but lines. [L2] What repeats is said once: an hour without a network, tried every thirty seconds,
 * must not push out how it began.
 */
import type { ConnectionLogLine, LogCode, LogEntry } from './connection-log-line.ts'
import { inTime } from './in-time.ts'
import { makeSubject, type Observable } from './observable.ts'
import type { LogBook, SyncPorts } from './ports.ts'

export const LOG_LINES = 500
const WRITE_AFTER = 2_000
const RETRY_AFTER = 30_000
const ANSWER_TIMEOUT = 10_000

export type NoteLine = (entry: LogEntry) => void

export interface ConnectionLog {
  readonly lines: Observable<readonly ConnectionLogLine[]>
  readonly note: NoteLine
  /** Hears of each line that is noted here. */
  onNoted(listener: (line: ConnectionLogLine) => void): () => void
  /** Lines of another tab, which that one keeps: shown with ours. */
  hear(heard: readonly ConnectionLogLine[]): void
  /** Writes at once what waits; never rejects. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** After these, what was said before is news again. */
const turns: ReadonlySet<LogCode> = new Set(['starting', 'live', 'polling', 'offline', 'calls-resumed'])

/** Of these, each is news after the other. */
const familyOf = (code: LogCode) => {
  if (code.startsWith('storage-')) return 'storage'
  return code === 'dropped' ? 'joined' : code
}

const newest = (lines: readonly ConnectionLogLine[]) => lines.slice(-LOG_LINES)

export function makeConnectionLog(clock: SyncPorts['clock'], book: LogBook): ConnectionLog {
  const lines = makeSubject<readonly ConnectionLogLine[]>([])
  let waiting: readonly ConnectionLogLine[] = []
  let cancel: (() => void) | null = null
  let stopped = false
  const said = new Map<string, string>()
  const listeners = new Set<(line: ConnectionLogLine) => void>()

  const isRepeated = (entry: LogEntry): boolean => {
    if (turns.has(entry.code)) {
      said.clear()
      return false
    }
    const about = [familyOf(entry.code), entry.doc, entry.topic].join()
    const words = JSON.stringify(entry)
    if (said.get(about) === words) return true
    said.set(about, words)
    return false
  }

  const schedule = (delay: number) => {
    if (!stopped) cancel ??= clock.after(delay, () => void write())
  }

  const write = async () => {
    cancel?.()
    cancel = null
    // A line must not be read again by the reading that it overtook.
    await reading
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      await inTime(clock, ANSWER_TIMEOUT, () => book.append(batch))
    } catch {
      // A failing book is no line of its own: it would only grow what cannot be written.
      waiting = newest([...batch, ...waiting])
      schedule(RETRY_AFTER)
    }
  }

  const read = async () => {
    const kept = await inTime(clock, ANSWER_TIMEOUT, () => book.read())
    // What was noted while it was read is the newest.
    if (!stopped) hear(kept)
  }
  /** The book, this tab and others may tell the same line. */
  const hear = (heard: readonly ConnectionLogLine[]) => {
    const known = new Set(lines.get().map((line) => JSON.stringify(line)))
    const news = heard.filter((line) => !known.has(JSON.stringify(line)))
    if (news.length === 0) return
    lines.set(newest([...news, ...lines.get()].sort((one, other) => one.at - other.at)))
  }

  const reading = read().catch(() => {})

  return {
    lines,
    note(entry) {
      if (isRepeated(entry)) return
      const line = { at: clock.now(), ...entry }
      lines.set(newest([...lines.get(), line]))
      waiting = newest([...waiting, line])
      schedule(WRITE_AFTER)
      for (const listener of listeners) listener(line)
    },
    onNoted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    hear,
    flush: write,
    async stop() {
      stopped = true
      await write()
    },
  }
}
