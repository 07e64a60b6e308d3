/**
 * This tab among the others of its person: it follows until it is its turn to lead, leads until it is not any more,
 * and tells the others what happens to its documents. Where there are no locks it leads at once and alone.
 */
import { newUuid } from '../domain/ids.ts'
import type { ConnectionLog } from './connection-log.ts'
import { makeDocumentReplacing } from './document-replacing.ts'
import { makeFollowing } from './following.ts'
import type { Journal } from './journal.ts'
import { leaderLock, makeLeadership, type Leadership } from './leadership.ts'
import { makeNearby } from './nearby.ts'
import { makeLeading, type Leading } from './leading.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { Fate } from './change-fates.ts'
import type { Presence } from './presence/presence.ts'
import type { SyncPorts } from './ports.ts'
import type { StandingBoard } from './standing-board.ts'
import type { DocumentEvents, SyncedDocument } from './document-contract.ts'
import { makeTabLife } from './tab-life.ts'
import type { TabRequest } from './tab-messages.ts'
import { makeTabRelay } from './tab-relay.ts'
import { makeTabRoom } from './tab-room.ts'
import { makeTabSiblings } from './tab-siblings.ts'

const OUTDATED = 'A newer version of this app is used on this device. Reload this one.'

export interface SyncTab extends Pick<
  DocumentEvents,
  'leads' | 'edited' | 'logged' | 'kept' | 'adopted' | 'disowned' | 'outdated'
> {
  readonly presence: Presence
  start(): void
  /** Resolves when the other tabs can know that this one lives. */
  here(): Promise<void>
  fate(documentId: string, fate: Fate): void
  opened(): void
  began(document: SyncedDocument): void
  act(request: TabRequest): Promise<void>
  /** What this tab keeps when it leads. */
  keep(ids: readonly string[]): void
  look(ids: readonly string[]): void
  /** A document is being opened: resolves when nobody else writes it. */
  lend(id: string): Promise<void>
  closed(document: SyncedDocument, closing: Promise<void>): void
  /** Documents may have come to rest. */
  tidy(): void
  hidden(): void
  visible(): void
  frozen(): void
  returned(): void
  stop(): void
}

export interface SyncTabWork {
  readonly workspaceId: string
  readonly tab: string
  readonly personId: string | undefined
  readonly documents: OpenDocuments
  readonly journal: Journal
  readonly board: StandingBoard
  readonly log: ConnectionLog
}

export function makeSyncTab(ports: SyncPorts, work: SyncTabWork): SyncTab {
  const { connectivity, locks, random } = ports
  const { documents, journal, board, log, workspaceId, tab } = work
  const shared = locks !== null
  const lockOf = (which: string) => `${workspaceId}/tab/${which}`
  let leading: Leading | null = null
  let outdated = false
  let announcing = false
  let asking = false
  let keeping: readonly string[] = []

  const room = makeTabRoom(ports.tabs, tab, {
    hear(word, from) {
      if (shared) leading?.met(from)
      if ('doc' in word) return relay.hear(word, from)
      if (!shared || outdated) return
      if (leading) nearby.shows(word, from)
      else nearby.hear(word)
      if (leading) leading.hear(word, from)
      else following.hear(word)
      leadership?.hear(word)
    },
    newer: () => retire(),
    older: () => announce(),
  })

  const life = makeTabLife(locks, lockOf(tab))
  const siblings = makeTabSiblings(locks, documents, lockOf, (gone) => {
    nearby.gone(gone)
    leading?.lookForOrphans()
  })
  const replacing = makeDocumentReplacing(ports, room, documents, siblings.with)
  const relay = makeTabRelay(room, {
    documents,
    journal,
    replacing,
    shared,
    leads: () => leading !== null,
    siblingEdited(document, update) {
      nearby.edited(document, update)
      leading?.edited()
    },
  })
  const following = makeFollowing(ports, room, {
    journal,
    board,
    log,
    askAll: () => announce(true),
    greet() {
      replacing.resume()
      announce()
      documents.ready().forEach(relay.greet)
    },
    tell(ids) {
      for (const document of documents.ready()) if (ids.includes(document.id)) relay.greet(document)
    },
  })

  const nearby = makeNearby(ports, {
    workspaceId,
    personId: work.personId,
    tab,
    documents,
    board,
    leads: () => leading !== null,
    say(word) {
      if (shared) room.say(word)
    },
  })

  const lead = () => {
    if (outdated) return
    replacing.resume()
    leading = makeLeading(ports, room, newUuid(random.bytes), {
      workspaceId,
      documents,
      journal,
      board,
      log,
      replacing,
      siblings,
      lockOf,
    })
    leading.start()
    leading.keep(keeping)
    following.handOver(leading.act)
    nearby.refresh()
  }

  const follow = () => {
    if (!leading) return
    const former = leading
    leading = null
    former.stop()
    siblings.stop()
    documents.releaseHeld()
    nearby.refresh()
  }

  const leadership: Leadership | null = locks
    ? makeLeadership({ ...ports, locks }, room, leaderLock(workspaceId), {
        lead,
        follow,
        visibleSibling: siblings.visible,
      })
    : null

  const retire = () => {
    if (outdated) return
    outdated = true
    leadership?.retire()
    follow()
    board.outdated(OUTDATED)
    // The newer one shall hear it from every tab that still runs.
    announce()
  }

  /** Who this is and what it has open, at the end of the task. */
  const announce = (asks = false) => {
    asking ||= asks
    if (!shared || announcing) return
    announcing = true
    queueMicrotask(() => {
      announcing = false
      const open = documents.all().map(({ id }) => id)
      room.say({ kind: 'here', visible: connectivity.visible(), open, asks: asking })
      asking = false
    })
  }

  const arrive = () => {
    life.begin()
    nearby.setVisible(connectivity.visible())
    announce(true)
    if (leadership) leadership.start()
    else lead()
  }

  const forgetSession = ports.session.subscribe((signedIn) => {
    if (shared && !leading) room.say({ kind: 'session', signedIn })
  })

  return {
    presence: nearby.presence,
    start: arrive,
    here: () => life.here,
    leads: () => leading !== null,
    edited({ id, generation }, update, records, number) {
      room.say({ kind: 'edited', doc: id, generation, update, records: shared ? records : [], number })
      if (leading) nearby.edited({ id }, update)
      leading?.edited()
      leadership?.wants()
    },
    logged({ id, generation }, updates, number) {
      if (shared && leading) room.say({ kind: 'logged', doc: id, generation, updates, number })
    },
    kept({ id, generation }, through) {
      room.say({ kind: 'kept', doc: id, generation, through })
    },
    fate(doc, fate) {
      const generation = documents.find(doc)?.generation ?? 0
      if (shared) room.say({ kind: 'fates', doc, generation, fates: [fate] })
    },
    adopted(document) {
      if (leading) leading.edited()
      else relay.handOver(document)
    },
    disowned({ id, generation }) {
      if (shared) room.say({ kind: 'untold', doc: id, generation })
    },
    outdated: retire,
    opened() {
      announce()
      leading?.refreshTopics()
      nearby.refresh()
    },
    began(document) {
      relay.greet(document)
      leading?.began(document)
      nearby.refresh()
    },
    act: (request) => (leading ? leading.act(request) : following.ask(request)),
    keep(ids) {
      keeping = ids
      leading?.keep(ids)
    },
    look: (ids) => leading?.look(ids),
    lend: async (id) => leading?.lend(id),
    closed: (document, closing) => leading?.closed(document, closing),
    tidy: () => leading?.tidy(),
    hidden() {
      leading?.hidden()
      nearby.setVisible(false)
      announce()
      leadership?.looked()
    },
    visible() {
      nearby.setVisible(true)
      announce()
      leadership?.looked()
    },
    frozen() {
      nearby.leave()
      room.say({ kind: 'gone' })
      leadership?.freeze()
      life.end()
    },
    returned() {
      nearby.setVisible(connectivity.visible())
      if (!shared || outdated) return
      following.distrust()
      life.begin()
      announce(true)
      leadership?.thaw()
    },
    stop() {
      forgetSession()
      nearby.stop()
      leadership?.retire()
      follow()
      following.stop()
      if (shared) room.say({ kind: 'gone' })
      life.end()
      room.stop()
    },
  }
}
