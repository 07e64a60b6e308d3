/** Puts the parts together: what screens open and ask for, over documents, their journal, and this tab among others. */
import { newUuid } from '../domain/ids.ts'
import { makeConnectionLog } from './connection-log.ts'
import { makeJournal } from './journal.ts'
import { makeOpenDocuments } from './open-documents.ts'
import type { LeadingPart, LoadPart } from './part-loading.ts'
import type { DocumentStorage, SyncPorts } from './ports.ts'
import { makeStandingBoard } from './standing-board.ts'
import { makeStateTelling } from './state-telling.ts'
import type { DocumentHandle, SyncEngine } from './sync-engine.ts'
import type { SyncState } from './sync-state.ts'
import { makeSyncTab } from './sync-tab.ts'
import { makeSyncedDocument } from './synced-document.ts'
import { makeUnsentMarks } from './unsent-marks.ts'

export interface EngineOptions {
  readonly workspaceId: string
  readonly personId?: string
  /** Gives `leading-part.ts`: at once, or later where it is a script of its own. */
  readonly loadLeading: LoadPart<LeadingPart>
}

export function makeSyncEngine(
  outside: SyncPorts,
  { workspaceId, personId, loadLeading }: EngineOptions,
): SyncEngine {
  const { clock, connectivity, random } = outside
  const log = makeConnectionLog(clock, outside.book)
  const ports: SyncPorts = {
    ...outside,
    log(entry) {
      log.note(entry)
      outside.log(entry)
    },
  }
  const name = newUuid(random.bytes)
  let stopped = false
  let resting = false
  let makeHearsay: LeadingPart['makeHearsay'] | null = null

  const telling = makeStateTelling(clock, (): SyncState => {
    const { lastSyncedAt, sending, problem, calls } = board.get()
    const all = documents.all()
    return {
      pending: journal.list(),
      sending,
      lastSyncedAt,
      calls,
      storage: worst(all.map(({ writer }) => writer.health)),
      problem: problem ?? all.find((document) => document.problem)?.problem ?? null,
    }
  })

  /** Many changes of a task are told once, and what can be let go is let go once. */
  const changed = () => {
    if (stopped) return
    telling.changed()
    if (resting) return
    resting = true
    void Promise.resolve().then(rest)
  }

  const rest = () => {
    resting = false
    if (stopped) return
    for (const { id, pending } of documents.all()) if (pending.size === 0) marks.clear(id)
    tab.tidy()
    documents.closeUnused()
  }

  const board = makeStandingBoard(changed)
  const journal = makeJournal(ports, { fate: (id, fate) => tab.fate(id, fate), changed })

  const documents = makeOpenDocuments({
    make(id) {
      const storage = lentStorage(ports.storage, tab.lend)
      const document = makeSyncedDocument(id, { ...ports, storage }, journal.of(id), {
        leads: () => tab.leads(),
        edited: (document, update, records, number) => tab.edited(document, update, records, number),
        logged: (document, updates, number) => tab.logged(document, updates, number),
        kept(document, through) {
          marks.kept(document.id)
          tab.kept(document, through)
        },
        found: (document, since) => tab.found(document, since),
        adopted: (document) => tab.adopted(document),
        disowned: (document) => tab.disowned(document),
        outdated: () => tab.outdated(),
        marked: marks.mark,
        unstored: marks.lost,
        changed,
      })
      if (makeHearsay) document.understand(makeHearsay)
      return document
    },
    changed: () => tab.opened(),
    began: (document) => tab.began(document),
    closed(document, closing) {
      journal.closed(document.id)
      tab.closed(document, closing)
    },
  })

  const tab = makeSyncTab(ports, {
    workspaceId,
    personId,
    tab: name,
    documents,
    journal,
    board,
    log,
    loadLeading,
    came(part) {
      makeHearsay = part.makeHearsay
      for (const document of documents.all()) document.understand(makeHearsay)
    },
  })
  const marks = makeUnsentMarks(ports, { workspace: workspaceId, tab: name }, tab.here)

  const forgetConnectivity = connectivity.subscribe((event) => {
    const all = documents.all()
    switch (event) {
      case 'hidden':
        // The last moment in which a page surely runs: what is not on the device now may never be.
        for (const { writer } of all) void writer.flushNow()
        void log.flush()
        tab.hidden()
        break
      case 'visible':
        for (const { writer } of all) void writer.reopen()
        tab.visible()
        break
      case 'frozen':
        tab.frozen()
        break
      case 'returned':
        marks.forget()
        tab.returned()
        for (const { id, pending, writer } of all) {
          if (pending.ours().length > 0) void marks.mark(id).catch(() => {})
          // It may have been replaced meanwhile, and nobody waits for this page with telling it.
          void writer.pause().then(writer.reread).then(writer.resume)
        }
    }
  })

  tab.start()

  return {
    connection: board.connection,
    state: telling.state,
    log: log.lines,
    open(id): DocumentHandle {
      const { document, release } = documents.use(id)
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
          release()
          changed()
        },
      }
    },
    presence: tab.presence,
    keep: (ids) => tab.keep([...ids]),
    look: (ids) => tab.look([...ids]),
    syncNow: () => tab.act({ do: 'sync' }),
    retry: (change) => void tab.act({ do: 'retry', change }).catch(() => {}),
    discard: (change) => tab.act({ do: 'discard', change }),
    async stop() {
      stopped = true
      telling.stop()
      marks.forget()
      tab.stop()
      forgetConnectivity()
      await Promise.all([documents.close(), log.stop()])
    },
  }
}

/** A document that was only kept is lent to its Y.Doc: what is being written of it is written first. [F3] */
function lentStorage(storage: DocumentStorage, lend: (id: string) => Promise<void>): DocumentStorage {
  let lent: Promise<void> | null = null
  return {
    ...storage,
    async open(id) {
      lent ??= lend(id)
      await lent
      return await storage.open(id)
    },
  }
}

function worst(health: readonly SyncState['storage'][]): SyncState['storage'] {
  return health.find((one) => one === 'full') ?? health.find((one) => one === 'memory-only') ?? 'ok'
}
