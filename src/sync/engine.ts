/** Puts the parts together: documents, link, puller, pusher, sibling tabs, and the state that screens show. */
import { topicOf, workspaceTopic } from '../domain/document-ids.ts'
import { copyOfSibling, readFreshCopy } from './fresh-copy.ts'
import { makeLink } from './link.ts'
import { makeSubject } from './observable.ts'
import { LogServerError, type SyncPorts } from './ports.ts'
import { makePuller } from './puller.ts'
import { makePusher } from './pusher.ts'
import type { DocumentHandle, SyncEngine } from './sync-engine.ts'
import type { SyncProblem, SyncState } from './sync-state.ts'
import { makeSyncedDocument, type DocumentEvents, type SyncedDocument } from './synced-document.ts'
import { makeTabRelay } from './tab-relay.ts'

interface OpenDocument {
  readonly document: SyncedDocument
  users: number
  ready: boolean
}

export function makeSyncEngine(ports: SyncPorts, { workspaceId }: { workspaceId: string }): SyncEngine {
  const { connectivity } = ports
  const mainTopic = workspaceTopic(workspaceId)
  const open = new Map<string, OpenDocument>()
  const state = makeSubject<SyncState>({
    pending: [],
    sending: false,
    lastSyncedAt: null,
    storage: 'ok',
    problem: null,
  })
  let lastSyncedAt: number | null = null
  let problem: SyncProblem | null = null
  let telling = false
  let stopped = false

  const all = () => [...open.values()]
  const ready = () => all().flatMap(({ document, ready }) => (ready ? [document] : []))

  /** Many changes of a tick are told once. */
  const changed = () => {
    if (telling || stopped) return
    telling = true
    void Promise.resolve().then(tell)
  }

  const tell = () => {
    telling = false
    if (stopped) return
    const documents = all().map(({ document }) => document)
    state.set({
      pending: documents.flatMap(({ pending, id }) => pending.list(id)).sort((a, b) => a.at - b.at),
      sending: pusher.busy,
      lastSyncedAt,
      storage: worst(documents.map(({ writer }) => writer.health)),
      problem: problem ?? documents.find((document) => document.problem)?.problem ?? null,
    })
    for (const entry of all()) closeIfUnused(entry)
  }

  const events: DocumentEvents = {
    edited(document, update) {
      relay.edited(document, update)
      pusher.notice()
    },
    changed,
  }

  const noteProblem = (error: unknown) => {
    if (!(error instanceof LogServerError) || error.reason !== 'rejected') return
    problem = { code: 'rejected', message: error.message }
    changed()
  }

  const failed = (error: unknown) => {
    noteProblem(error)
    link.failed(error)
  }

  const pull = (documents: Iterable<SyncedDocument>) => {
    puller.pull(documents).then(() => pusher.notice(), failed)
  }

  const exchange = async (afterJoin: boolean) => {
    await Promise.all(all().map(({ document }) => document.loaded))
    await puller.pull(ready())
    for (const { unsent } of ready()) {
      unsent.takeDifference()
      if (afterJoin) unsent.release()
    }
    await pusher.push()
    lastSyncedAt = ports.clock.now()
    problem = null
    changed()
  }

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
    topics: () => all().map(({ document }) => topicOf(document.id)),
    exchange: (afterJoin) =>
      exchange(afterJoin).catch((error: unknown) => {
        noteProblem(error)
        throw error
      }),
    hear(hint) {
      const entry = open.get(hint.doc)
      if (!entry?.ready) return
      const { document } = entry
      document.hear(hint)
      if (document.catchUpWithHints()) pull([document])
      else lastSyncedAt = ports.clock.now()
    },
    topicJoined: (topic) => pull(ready().filter(({ id }) => topicOf(id) === topic)),
  })

  const pusher = makePusher(ports, {
    workspaceId,
    documents: ready,
    isUp: link.isUp,
    failed,
    behind: (document) => pull([document]),
    changed,
  })

  const relay = makeTabRelay(
    ports.tabs,
    (id) => open.get(id)?.document,
    (document, state, sync) => {
      void document.replace(copyOfSibling(document.id, state, sync, ports.random), true)
      if (link.isUp()) pull([document])
    },
  )

  const forgetConnectivity = connectivity.subscribe((event) => {
    for (const { document } of all()) {
      // The last moment in which a page surely runs: what is not on the device now may never be.
      if (event === 'hidden') void document.writer.flushNow()
      if (event === 'visible') void document.writer.reopen()
    }
    if (event === 'hidden' && link.isUp()) pusher.push().catch(failed)
  })

  const enter = (id: string): OpenDocument => {
    const document = makeSyncedDocument(id, ports, events)
    const entry: OpenDocument = { document, users: 0, ready: false }
    open.set(id, entry)
    void document.loaded.then(() => begin(entry))
    link.refreshTopics()
    return entry
  }

  const begin = (entry: OpenDocument) => {
    const { document } = entry
    if (stopped || open.get(document.id) !== entry) return
    entry.ready = true
    relay.opened(document)
    if (link.isUp()) pull([document])
  }

  /** A document that nobody uses stays until the server has all of it. */
  const closeIfUnused = (entry: OpenDocument) => {
    const { document, users } = entry
    if (users > 0 || !entry.ready || document.pending.size > 0 || open.get(document.id) !== entry) return
    open.delete(document.id)
    void document.close()
    link.refreshTopics()
  }

  const holding = (changeId: string) => ready().find(({ pending }) => pending.has(changeId))

  link.start()

  return {
    connection: link.state,
    state,
    log: link.log,
    open(id): DocumentHandle {
      const entry = open.get(id) ?? enter(id)
      const { document } = entry
      entry.users++
      let released = false
      return {
        id,
        get doc() {
          return document.doc
        },
        onReplaced: document.onReplaced,
        loaded: document.loaded,
        filled: document.filled,
        isEmptyLocally: document.isEmpty,
        change: document.change,
        release() {
          if (released) return
          released = true
          entry.users--
          changed()
        },
      }
    },
    async syncNow() {
      link.happened({ type: 'wake' })
      await exchange(true).catch(failed)
    },
    retry(changeId) {
      holding(changeId)?.unsent.release()
      pusher.notice()
    },
    async discard(changeId) {
      const document = holding(changeId)
      if (!document) return
      await document.replace(await readFreshCopy(document.id, ports))
      relay.replaced(document)
      changed()
    },
    async stop() {
      stopped = true
      link.stop()
      pusher.stop()
      relay.stop()
      forgetConnectivity()
      await Promise.all(all().map(({ document }) => document.close()))
      open.clear()
    },
  }
}

function worst(health: readonly SyncState['storage'][]): SyncState['storage'] {
  return health.find((one) => one === 'full') ?? health.find((one) => one === 'memory-only') ?? 'ok'
}
