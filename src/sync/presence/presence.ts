/**
 * Who is here, told among devices on `here:<workspace>`, and on `here:conv:<id>` for a conversation that is looked at:
 * the workspace's room tells of everybody which document they look at, and whatever is finer than that is told in the
 * room of the document. [H2] The tab that leads speaks for all tabs of its device, and shows them what it hears.
 */
import { meetingTopics } from '../../domain/document-ids.ts'
import { makeSubject, type Observable } from '../observable.ts'
import type { SyncPorts } from '../ports.ts'
import { keepMeeting, type KeptMeeting } from './kept-meeting.ts'
import { peopleOf, type PresentPerson } from './people.ts'
import { makeRoom, type DeviceHere, type Room } from './room.ts'
import { LONGEST_CURSOR, type TabHere } from './word.ts'

const TYPING_FOR = 4_000
const TYPING_AGAIN = 3_000

/** What screens use. */
export interface Presence {
  /** People on other devices. */
  readonly people: Observable<readonly PresentPerson[]>
  /** The document that this tab shows, and what of it is open; null for neither. */
  look(doc: string | null, entity?: string | null): void
  /** Where the caret or the selection is in it, as whoever shows it to others reads it. */
  point(cursor: string | null): void
  /** A key was pressed in what is open. */
  type(): void
}

export interface PresenceRooms extends Presence {
  /** This tab speaks for its device over a live connection, or it does not. */
  setLive(live: boolean): void
  /** What another tab of this device shows; null when it is gone. */
  tabShows(tab: string, shown: TabHere | null): void
  /** This tab speaks for none but itself. */
  forgetTabs(): void
  /** What this tab shows. */
  readonly own: TabHere
  /** Heard of by the tab that leads, for tabs that do not. */
  tell(devices: readonly DeviceHere[]): void
  readonly devices: readonly DeviceHere[]
  /** Another device has this document before its person's eyes. */
  isSeenElsewhere(doc: string): boolean
  setVisible(visible: boolean): void
  stop(): void
}

export interface PresenceWork {
  readonly person: string
  readonly workspaceId: string
  readonly tab: string
  /** This tab shows something else. */
  shows(own: TabHere): void
  /** Others came, went, or look at something else. */
  changed(devices: readonly DeviceHere[]): void
}

export function makePresence(
  ports: Pick<SyncPorts, 'clock' | 'random' | 'meetings' | 'log'>,
  work: PresenceWork,
): PresenceRooms {
  const { clock, random, meetings } = ports
  const mainTopic = `here:${work.workspaceId}`
  // A new one for each life: what an older life said expires by itself.
  const device = Array.from(random.bytes(12), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const rooms = new Map<string, { readonly room: Room; readonly meeting: KeptMeeting }>()
  const siblings = new Map<string, TabHere>()
  const people = makeSubject<readonly PresentPerson[]>([])
  let told: readonly DeviceHere[] = []
  let own: TabHere = { tab: work.tab, away: false, doc: null, entity: null, typing: false, cursor: null }
  let typedAt = -Infinity
  let cancelTyping = () => {}
  let live = false
  let telling = false

  const show = (next: Partial<TabHere>, again = false) => {
    const before = JSON.stringify(own)
    own = { ...own, ...next }
    if (!again && JSON.stringify(own) === before) return
    work.shows(own)
    refresh(again)
  }

  /** Fine things are told in the room of their document alone. */
  const coarse = (tab: TabHere): TabHere => ({ ...tab, entity: null, typing: false, cursor: null })

  const tabsIn = (topic: string): readonly TabHere[] =>
    [own, ...siblings.values()].flatMap((tab) => {
      const home = tab.doc ? meetingTopics(tab.doc).here : mainTopic
      if (home === topic) return [tab]
      return topic === mainTopic ? [coarse(tab)] : []
    })

  const refresh = (again = false) => {
    const wanted = new Set(live ? [mainTopic] : [])
    if (live) for (const { doc } of [own, ...siblings.values()]) if (doc) wanted.add(meetingTopics(doc).here)
    for (const [topic, entry] of rooms) {
      if (wanted.has(topic)) continue
      entry.room.end()
      entry.meeting.leave()
      rooms.delete(topic)
    }
    for (const topic of wanted) {
      const { room } = rooms.get(topic) ?? enter(topic)
      room.show(tabsIn(topic), again)
    }
  }

  const enter = (topic: string) => {
    const room = makeRoom(ports, {
      device,
      person: work.person,
      say: (word) => rooms.get(topic)?.meeting.say('here', word),
      changed,
    })
    // A device without a way to the topic is alone there.
    const nowhere: KeptMeeting = { joined: false, say() {}, leave() {} }
    const meeting = meetings
      ? keepMeeting(ports, meetings, topic, {
          joined: room.entered,
          heard: (event, payload) => void (event === 'here' && room.heard(payload)),
        })
      : nowhere
    const entry = { room, meeting }
    rooms.set(topic, entry)
    return entry
  }

  const devices = (): readonly DeviceHere[] => {
    if (!live) return told
    // The room of a document knows better than the workspace's what happens in it.
    return [...rooms.values()].flatMap(({ room }) => room.devices())
  }

  /** Many changes of a tick are told once. */
  const changed = () => {
    if (telling) return
    telling = true
    void Promise.resolve().then(tell)
  }

  const tell = () => {
    telling = false
    const now = devices()
    const next = peopleOf(now)
    if (JSON.stringify(next) !== JSON.stringify(people.get())) people.set(next)
    if (live) work.changed(now)
  }

  return {
    people,
    get own() {
      return own
    },
    get devices() {
      return devices()
    },
    look(doc, entity = null) {
      if (doc === own.doc && entity === own.entity) return
      cancelTyping()
      show({ doc, entity, typing: false, cursor: null })
    },
    point: (cursor) => show({ cursor: cursor && cursor.length <= LONGEST_CURSOR ? cursor : null }),
    type() {
      const now = clock.now()
      cancelTyping()
      cancelTyping = clock.after(TYPING_FOR, () => show({ typing: false }))
      const again = own.typing && now - typedAt >= TYPING_AGAIN
      if (!own.typing || again) typedAt = now
      show({ typing: true }, again)
    },
    setLive(next) {
      if (live === next) return
      live = next
      refresh()
      changed()
    },
    tabShows(tab, shown) {
      if (shown) siblings.set(tab, shown)
      else if (!siblings.delete(tab)) return
      refresh()
    },
    forgetTabs: () => siblings.clear(),
    tell(next) {
      told = next
      if (!live) tell()
    },
    isSeenElsewhere: (doc) => devices().some(({ tabs }) => tabs.some((tab) => tab.doc === doc && !tab.away)),
    setVisible: (visible) => show({ away: !visible }),
    stop() {
      cancelTyping()
      live = false
      refresh()
    },
  }
}
