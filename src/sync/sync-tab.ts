/**
 * This tab among the others of its person: it follows until it is its turn to lead, leads until it is not any more,
 * and tells the others what happens to its documents. Where there are no locks it leads at once and alone. Leading is a
 * part of the engine that may come later than the tab's turn. [T16]
 */
import { newUuid } from '../domain/ids.ts'
import type { ConnectionState } from './connection-state.ts'
import { makeDocumentReplacing } from './document-replacing.ts'
import { makeFollowing } from './following.ts'
import { leaderLock, makeLeadership, type Leadership } from './leadership.ts'
import type { Leading } from './leading.ts'
import { makeNearbyToCome } from './nearby-to-come.ts'
import { makePartLoading } from './part-loading.ts'
import type { SyncPorts } from './ports.ts'
import type { SyncTab, SyncTabWork } from './sync-tab-contract.ts'
import { makeTabLife } from './tab-life.ts'
import type { TabWord } from './tab-messages.ts'
import { makeTabRelay } from './tab-relay.ts'
import { makeTabRoom } from './tab-room.ts'
import { makeTabSiblings } from './tab-siblings.ts'

const OUTDATED = 'There is a newer version of this app. Reload this one.'

export function makeSyncTab(ports: SyncPorts, work: SyncTabWork): SyncTab {
  const { clock, connectivity, locks, random } = ports
  const { documents, journal, board, log, workspaceId, tab } = work
  const shared = locks !== null
  const lockOf = (which: string) => `${workspaceId}/tab/${which}`
  let leading: Leading | null = null
  /** It is this tab's turn to lead. */
  let turn = false
  let frozen = false
  let lacking = false
  /** Said while nobody leads, and this tab cannot. */
  let alone: (ConnectionState & { kind: 'offline' }) | null = null
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

  const nearby = makeNearbyToCome()

  /** The part has not come: whoever has it shall lead, and until then nobody says that anybody does. */
  const letGo = () => {
    lacking = true
    leadership?.withdraw()
  }

  const part = makePartLoading(ports, work.loadLeading, {
    came(given) {
      work.came(given)
      const leads = () => leading !== null
      const say = (word: TabWord) => {
        if (shared) room.say(word)
      }
      nearby.come(
        given.makeNearby(ports, { workspaceId, personId: work.personId, tab, documents, board, leads, say }),
      )
      lacking = false
      announce()
      begin()
      stand()
    },
    late: letGo,
    failed(error, nextTryAt) {
      ports.log({ code: 'failed', reason: `part ${error instanceof Error ? error.name : 'unknown'}` })
      // Nobody else leads either, and a script that does not come is a network that is away.
      if (turn || board.connection.get() === alone) {
        alone = { kind: 'offline', since: alone?.since ?? clock.now(), nextTryAt }
        board.show({ connection: alone })
      }
      letGo()
    },
    outdated: () => retire(),
  })

  const stand = () => {
    if (!frozen && !lacking) leadership?.stand()
  }

  const lead = () => {
    if (outdated) return
    turn = true
    if (!part.part) board.show({ connection: { kind: 'starting' }, sending: false })
    replacing.resume()
    // From here on nobody else stores what the log brings.
    documents.lead()
    begin()
  }

  const begin = () => {
    if (!turn || !part.part || leading) return
    leading = part.part.makeLeading(ports, room, newUuid(random.bytes), {
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
    turn = false
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
        able: () => part.part !== null,
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
      const visible = part.part !== null && connectivity.visible()
      room.say({ kind: 'here', visible, open, asks: asking })
      asking = false
    })
  }

  const arrive = () => {
    life.begin()
    nearby.setVisible(connectivity.visible())
    announce(true)
    if (leadership) leadership.stand()
    else lead()
    part.start()
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
    found(document, since) {
      if (shared) relay.found(document, since)
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
      frozen = true
      nearby.leave()
      room.say({ kind: 'gone' })
      leadership?.withdraw()
      life.end()
    },
    returned() {
      frozen = false
      nearby.setVisible(connectivity.visible())
      if (!shared || outdated) return
      following.distrust()
      life.begin()
      announce(true)
      stand()
    },
    stop() {
      forgetSession()
      part.stop()
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
