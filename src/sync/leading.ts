/**
 * What the tab that leads does, and it alone: the websocket, pulling, pushing, storing what the log brings, and all of
 * it on behalf of the other tabs. [T4] It begins from what is stored, never from what it was told as a follower.
 */
import { topicOf, workspaceTopic } from '../domain/document-ids.ts'
import type { ConnectionLog } from './connection-log.ts'
import type { DocumentReplacing } from './document-replacing.ts'
import { guardServer } from './guarded-server.ts'
import type { Journal } from './journal.ts'
import { makeKeptDocuments, type KeptDocuments } from './kept-documents.ts'
import { makeLink } from './link.ts'
import { dropMissing } from './missing-changes.ts'
import type { OpenDocuments } from './open-documents.ts'
import { makeOrphanedDocuments } from './orphaned-documents.ts'
import { LogServerError, type SyncPorts } from './ports.ts'
import { makePuller } from './puller.ts'
import { makePusher } from './pusher.ts'
import type { StandingBoard } from './standing-board.ts'
import { unsentLost } from './sync-problems.ts'
import type { SyncProblem } from './sync-state.ts'
import type { SyncedDocument } from './document-contract.ts'
import type { Standing, TabRequest, TabWord } from './tab-messages.ts'
import type { TabRoom } from './tab-room.ts'
import type { TabSiblings } from './tab-siblings.ts'

// Who holds a document that is only kept, until it is one with the log again.
const MENDING = 'mending'
// Every tab has read the book; these are what a tab may have missed that was busy or asleep.
const TOLD_LINES = 50
// By then every tab has said what it has.
const SETTLED_IN = 5_000

export interface Leading extends Pick<KeptDocuments, 'keep' | 'look' | 'lend'> {
  start(): void
  /** Another tab lives. */
  met(tab: string): void
  hear(word: TabWord, from: string): void
  /** Something is to be pushed. */
  edited(): void
  /** This document was opened and read. */
  began(document: SyncedDocument): void
  /** It is being closed. */
  closed(document: SyncedDocument, closing: Promise<void>): void
  /** The set of open documents has changed. */
  refreshTopics(): void
  act(request: TabRequest): Promise<void>
  /** A tab is gone, and may have left something. */
  lookForOrphans(): void
  /** Whatever is open may have come to rest: lets go what nobody waits for. */
  tidy(): void
  /** The page may end with this task: what can still go out goes now. */
  hidden(): void
  stop(): void
}

interface LeadingWork {
  readonly workspaceId: string
  readonly documents: OpenDocuments
  readonly journal: Journal
  readonly replacing: DocumentReplacing
  readonly siblings: TabSiblings
  readonly board: StandingBoard
  readonly log: ConnectionLog
  lockOf(tab: string): string
}

export function makeLeading(outside: SyncPorts, room: TabRoom, term: string, work: LeadingWork): Leading {
  const { clock, locks } = outside
  const guard = guardServer(outside, outside.log)
  const ports: SyncPorts = { ...outside, server: guard.server }
  const { board, documents, journal, log, siblings, workspaceId } = work
  const mainTopic = workspaceTopic(workspaceId)
  let { lastSyncedAt } = board.get()
  let problem: SyncProblem | null = null
  let lost: SyncProblem | null = null
  let stopped = false
  const since = clock.now()

  const put = (part: Partial<Standing>) => {
    if (!stopped && board.show(part) && locks) room.say({ kind: 'standing', standing: board.get() })
  }
  const show = () => put({ lastSyncedAt, sending: pusher.busy, problem: problem ?? lost ?? kept.problem })

  const sayAll = () => {
    if (locks === null || stopped) return
    // What is pending is for this tab to send, also where it has only heard of it.
    journal.documents().forEach(documents.visit)
    const ready = new Set(documents.ready())
    const unsure = documents.all().filter((one) => !ready.has(one) || one.writer.health !== 'ok')
    const knows = Math.abs(clock.now() - since) >= SETTLED_IN && orphans.looked
    room.say({
      kind: 'leading',
      term,
      standing: board.get(),
      lines: log.lines.get().slice(-TOLD_LINES),
      journal: journal.entries(),
      unsure: knows ? unsure.map(({ id }) => id) : null,
    })
  }

  const noteProblem = (error: unknown) => {
    if (!(error instanceof LogServerError) || error.reason !== 'rejected') return
    problem = { code: 'rejected', message: error.message }
    show()
  }

  const isUp = () => link.isUp() && !guard.isPaused()
  const failed = (error: unknown) => {
    if (stopped) return
    noteProblem(error)
    link.failed(error)
  }

  const pull = (some: Iterable<SyncedDocument>) => {
    puller.pull(some).then(() => pusher.notice(), failed)
  }

  const catchUp = (document: SyncedDocument) => {
    puller.catchUp(document).then(() => pusher.notice(), failed)
  }

  const exchange = async (afterJoin: boolean) => {
    await documents.settled()
    const mending = documents.ready().filter(({ id }) => documents.isHeld(id, MENDING))
    await puller.pull(documents.ready())
    if (stopped) return
    for (const { unsent, pending } of documents.ready()) {
      unsent.takeDifference()
      if (afterJoin || (locks && pending.size === 0)) unsent.release()
    }
    await pusher.push()
    lastSyncedAt = clock.now()
    problem = null
    show()
    for (const { id, comparable } of mending) if (comparable) documents.drop(id, MENDING)
    if (afterJoin) kept.missed(mainTopic)
    else kept.check()
    // What a tab told at a bad moment is found here at the latest.
    void orphans.look()
    sayAll()
    void dropMissing(documents, () => stopped)
  }

  const kept = makeKeptDocuments(ports, {
    isUp,
    failed,
    open: (id) => void documents.hold(id, MENDING),
    changed: () => show(),
  })

  const puller = makePuller<SyncedDocument>(ports, {
    refused(document, code) {
      const message = `The server does not give ${document.id} to this person.`
      if (code === 'not_a_member' && topicOf(document.id) === mainTopic)
        link.happened({ type: 'refused', code, message })
      else document.refusedToPull(code)
    },
  })

  const link = makeLink(ports, {
    mainTopic,
    topics: () => documents.all().map(({ id }) => topicOf(id)),
    exchange: (afterJoin) =>
      exchange(afterJoin).catch((error: unknown) => {
        noteProblem(error)
        throw error
      }),
    hear(hint) {
      const document = documents.ifReady(hint.doc)
      if (!document) return kept.hear(hint)
      document.hear(hint)
      if (document.catchUpWithHints()) catchUp(document)
      else lastSyncedAt = clock.now()
      show()
    },
    topicJoined(topic) {
      pull(documents.ready().filter(({ id }) => topicOf(id) === topic))
      kept.missed(topic)
    },
    woken: () => guard.ask('wake'),
  })

  const pusher = makePusher(ports, {
    workspaceId,
    documents: documents.ready,
    isUp,
    failed,
    behind: catchUp,
    surplus(document) {
      // A tab that works alone cannot know what others have pending. Otherwise each exchange tries again.
      if (locks) work.replacing.drop(document, () => document.pending.size === 0).catch(() => {})
    },
    begun: () => link.joinLost(),
    changed: show,
  })

  const orphans = makeOrphanedDocuments(ports, {
    workspaceId,
    tab: room.tab,
    documents,
    lockOf: work.lockOf,
    found: () => pusher.notice(),
    lost(id) {
      lost = unsentLost(id)
      outside.log({ code: 'unsent-lost', doc: id })
      show()
    },
  })

  const actions: Record<TabRequest['do'], (change: string) => void | Promise<void>> = {
    async sync() {
      guard.ask('person')
      link.happened({ type: 'wake' })
      await exchange(true).catch(failed)
    },
    retry(change) {
      const document = documents.ifReady(journal.holding(change) ?? '')
      guard.ask('person')
      document?.unsent.release()
      pusher.notice()
    },
    async discard(change) {
      const document = documents.ifReady(journal.holding(change) ?? '')
      if (!document) return
      await work.replacing.drop(document)
      if (isUp()) pull([document])
    },
  }
  const act = async (request: TabRequest) => {
    // What was asked of a leader that is gone comes while this one still reads.
    if ('change' in request) await documents.settled()
    await actions[request.do]('change' in request ? request.change : '')
  }

  const answer = async (ask: string, to: string, request: TabRequest) => {
    const failure = await act(request).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    if (!stopped) room.say({ kind: 'answered', ask, to, failure })
  }

  const forget = [
    link.state.subscribe((connection) => put({ connection })),
    guard.calls.subscribe((calls) => put({ calls })),
    log.onNoted((line) => {
      if (locks && !stopped) room.say({ kind: 'line', line })
    }),
  ]

  return {
    start() {
      put({ connection: link.state.get(), calls: guard.calls.get() })
      for (const { id } of documents.all()) void kept.lend(id)
      link.start()
      sayAll()
      void orphans.look()
    },
    met: siblings.met,
    hear(word, from) {
      if (word.kind === 'here') {
        siblings.here(from, word)
        if (word.asks) sayAll()
      }
      if (word.kind === 'gone') siblings.gone(from)
      if (word.kind === 'anybody') room.say({ kind: 'leads', term })
      if (word.kind === 'session') link.happened({ type: word.signedIn ? 'signed-in' : 'signed-out' })
      if (word.kind === 'asked') void answer(word.ask, from, word.request)
    },
    keep: kept.keep,
    look: kept.look,
    lend: kept.lend,
    closed(document, closing) {
      const current = isUp() && !puller.isReading(document)
      const back = () => kept.takeBack(document.id, document.writer.stored, current)
      closing.then(back, back)
    },
    edited: pusher.notice,
    began(document) {
      if (isUp()) pull([document])
    },
    refreshTopics: link.refreshTopics,
    act,
    lookForOrphans: () => void orphans.look(),
    tidy: orphans.tidy,
    hidden() {
      if (isUp()) pusher.push().catch(failed)
    },
    stop() {
      stopped = true
      for (const end of forget) end()
      link.stop()
      puller.stop()
      void kept.stop()
      pusher.stop()
      orphans.stop()
      for (const document of documents.all()) document.rest()
    },
  }
}
