/**
 * Those who are here at this moment, for this tab among its siblings: the leader alone is on the topics, for all tabs
 * of its device, and tells the others what it hears there. [H10]
 */
import { makeDirectPath } from './direct/direct-path.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { SyncPorts } from './ports.ts'
import { makePresence, type Presence } from './presence/presence.ts'
import type { StandingBoard } from './standing-board.ts'
import type { SyncedDocument } from './document-contract.ts'
import type { TabWord } from './tab-messages.ts'

export interface Nearby {
  readonly presence: Presence
  /** This tab leads or does not any more, or other documents are open. */
  refresh(): void
  hear(word: TabWord): void
  shows(word: TabWord, from: string): void
  gone(tab: string): void
  edited(document: Pick<SyncedDocument, 'id'>, update: Uint8Array): void
  setVisible(visible: boolean): void
  /** Goodbye, for now or for good. */
  leave(): void
  stop(): void
}

interface NearbyWork {
  readonly workspaceId: string
  readonly personId: string | undefined
  readonly tab: string
  readonly documents: OpenDocuments
  readonly board: StandingBoard
  leads(): boolean
  say(word: TabWord): void
}

export function makeNearby(outside: SyncPorts, work: NearbyWork): Nearby {
  const { documents, board, leads } = work
  // Somebody without a name is nobody's neighbour.
  const ports = work.personId === undefined ? { ...outside, meetings: undefined } : outside
  let away = false

  const isLive = () => !away && leads() && board.get().connection.kind === 'live'

  const presence = makePresence(ports, {
    person: work.personId ?? '',
    workspaceId: work.workspaceId,
    tab: work.tab,
    shows(shown) {
      if (!leads()) work.say({ kind: 'shows', shown })
    },
    changed(devices) {
      if (leads()) work.say({ kind: 'present', devices })
      direct.refresh()
    },
  })

  const direct = makeDirectPath(ports, {
    isLive,
    open: () => documents.ready().map(({ id }) => id),
    isSeenElsewhere: presence.isSeenElsewhere,
    heard(id, update) {
      const document = documents.ifReady(id)
      if (!document) return
      work.say({ kind: 'told', doc: id, generation: document.generation, update })
      document.hearDirectly(update)
    },
  })

  const refresh = () => {
    presence.setLive(isLive())
    direct.refresh()
  }
  const forget = board.connection.subscribe(refresh)

  return {
    presence,
    refresh() {
      if (!leads()) presence.forgetTabs()
      refresh()
    },
    hear(word) {
      if (word.kind === 'present') presence.tell(word.devices)
      // Another tab leads, or begins anew: what it knows of this one is nothing.
      if (word.kind === 'leading') work.say({ kind: 'shows', shown: presence.own })
    },
    shows(word, from) {
      if (word.kind === 'shows') presence.tabShows(from, word.shown)
      if (word.kind === 'here' && word.asks) work.say({ kind: 'present', devices: presence.devices })
    },
    gone: (tab) => presence.tabShows(tab, null),
    edited: ({ id }, update) => direct.edited(id, update),
    setVisible(visible) {
      away = false
      presence.setVisible(visible)
      refresh()
    },
    leave() {
      away = true
      refresh()
    },
    stop() {
      forget()
      presence.stop()
      direct.stop()
    },
  }
}
