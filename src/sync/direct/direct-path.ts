/**
 * Edits told directly to devices that have the same document before their person's eyes. [S13] They go out at the end
 * of the task that makes them, one broadcast for each document, while the push is on its way as ever; and they are
 * left out wherever that is simpler, since the log brings everything.
 */
import * as Y from 'yjs'
import { meetingTopics } from '../../domain/document-ids.ts'
import type { SyncPorts } from '../ports.ts'
import { keepMeeting, type KeptMeeting } from '../presence/kept-meeting.ts'
import { decodeEditHint, encodeEditHint } from './edit-hint.ts'

const MOST_BYTES = 32_000
const MOST_UPDATES = 100
const A_SECOND = 60
// Whoever looked away for a moment is not joined anew.
const LINGER = 30_000

export interface DirectPath {
  edited(doc: string, update: Uint8Array): void
  /** Others came, went or look elsewhere; documents were opened or closed; the connection changed. */
  refresh(): void
  stop(): void
}

export interface DirectPathWork {
  isLive(): boolean
  open(): Iterable<string>
  isSeenElsewhere(doc: string): boolean
  heard(doc: string, update: Uint8Array): void
}

export function makeDirectPath(
  ports: Pick<SyncPorts, 'clock' | 'random' | 'meetings' | 'log'>,
  work: DirectPathWork,
): DirectPath {
  const { clock, meetings } = ports
  const joined = new Map<string, { readonly meeting: KeptMeeting; wantedAt: number }>()
  const waiting = new Map<string, Uint8Array[]>()
  let tokens = A_SECOND
  let filledAt = clock.now()
  let flushing = false
  let cancelLinger: (() => void) | null = null

  const mayTell = () => {
    const now = clock.now()
    tokens = Math.min(A_SECOND, tokens + ((now - filledAt) * A_SECOND) / 1_000)
    filledAt = now
    if (tokens < 1) return false
    tokens--
    return true
  }

  const flush = () => {
    flushing = false
    const edits = [...waiting]
    waiting.clear()
    for (const [doc, updates] of edits) {
      const meeting = joined.get(meetingTopics(doc).edits)?.meeting
      const bytes = updates.reduce((sum, { byteLength }) => sum + byteLength, 0)
      if (!meeting?.joined || bytes > MOST_BYTES || updates.length > MOST_UPDATES) continue
      if (work.isSeenElsewhere(doc) && mayTell())
        meeting.say('edit', encodeEditHint({ doc, update: Y.mergeUpdates(updates) }))
    }
  }

  const join = (topic: string): KeptMeeting | null =>
    meetings
      ? keepMeeting(ports, meetings, topic, {
          joined() {},
          heard(event, payload) {
            const hint = event === 'edit' ? decodeEditHint(payload) : null
            if (hint && meetingTopics(hint.doc).edits === topic) work.heard(hint.doc, hint.update)
          },
        })
      : null

  const leave = (topic: string) => {
    joined.get(topic)?.meeting.leave()
    joined.delete(topic)
  }

  const refresh = () => {
    cancelLinger?.()
    cancelLinger = null
    const now = clock.now()
    if (work.isLive()) {
      for (const doc of work.open()) {
        if (!work.isSeenElsewhere(doc)) continue
        const topic = meetingTopics(doc).edits
        const entry = joined.get(topic)
        const meeting = entry?.meeting ?? join(topic)
        if (meeting) joined.set(topic, { meeting, wantedAt: now })
      }
    }
    for (const [topic, { wantedAt }] of joined) {
      if (!work.isLive() || now - wantedAt >= LINGER) leave(topic)
      else if (wantedAt < now) cancelLinger ??= clock.after(LINGER - (now - wantedAt), refresh)
    }
  }

  return {
    edited(doc, update) {
      if (!joined.has(meetingTopics(doc).edits)) return
      waiting.set(doc, [...(waiting.get(doc) ?? []), update])
      if (flushing) return
      flushing = true
      // Before anything else that the edit sets going, and before the page is drawn.
      void Promise.resolve().then(flush)
    },
    refresh,
    stop() {
      cancelLinger?.()
      for (const topic of joined.keys()) leave(topic)
    },
  }
}
