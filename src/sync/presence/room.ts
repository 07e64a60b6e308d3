/** Who is on one `here:…` topic, and what this device says there. Nothing of it is ever stored. */
import type { SyncPorts } from '../ports.ts'
import { answerWithin, believedFor, gap, heartbeat } from './pace.ts'
import { readWord, writeWord, type TabHere, type Word } from './word.ts'

const MOST_DEVICES = 300
const MOST_OF_A_PERSON = 20
const BUSY_FOR = 30_000
const TYPING_FOR = 6_000

export interface DeviceHere {
  readonly device: string
  readonly person: string
  readonly tabs: readonly TabHere[]
}

export interface Room {
  /** Others, as they were heard. */
  devices(): readonly DeviceHere[]
  /** The topic is joined: says who we are, and asks who is here. */
  entered(): void
  heard(payload: unknown): void
  /** Our tabs, whenever something of them changed. `again`: to be repeated though it is the same. */
  show(tabs: readonly TabHere[], again?: boolean): void
  /** Says goodbye. */
  end(): void
}

interface Heard {
  readonly word: Word
  readonly until: number
  readonly typingUntil: number
  readonly newsAt: number
}

export interface RoomWork {
  readonly device: string
  readonly person: string
  say(word: object): void
  changed(): void
}

export function makeRoom({ clock, random }: Pick<SyncPorts, 'clock' | 'random'>, work: RoomWork): Room {
  const heard = new Map<string, Heard>()
  let tabs: readonly TabHere[] = []
  let said = ''
  let saidAt = -Infinity
  let inside = false
  let next: { readonly at: number; readonly cancel: () => void } | null = null
  let cancelExpiry = () => {}

  const devices = () => heard.size + 1
  const busy = () => 1 + [...heard.values()].filter(({ newsAt }) => clock.now() - newsAt < BUSY_FOR).length

  const speak = (asks = false) => {
    next?.cancel()
    next = null
    if (!inside || tabs.length === 0) return
    // Who asks is about to hear that others are here.
    const until = heartbeat(
      devices() + (asks ? 1 : 0),
      tabs.every(({ away }) => away),
    )
    said = JSON.stringify(tabs)
    saidAt = clock.now()
    work.say(writeWord({ device: work.device, person: work.person, for: until, asks, tabs }))
    speakWithin(until)
  }

  /** At the latest then; what comes sooner takes its place. */
  const speakWithin = (delay: number) => {
    const at = clock.now() + delay
    if (next && next.at <= at) return
    next?.cancel()
    next = { at, cancel: clock.after(delay, () => speak()) }
  }

  const goodbye = () => {
    next?.cancel()
    next = null
    if (inside && said !== '')
      work.say(writeWord({ device: work.device, person: work.person, for: 0, asks: false, tabs: [] }))
    said = ''
  }

  const expire = () => {
    const now = clock.now()
    let changed = false
    for (const [device, { until, typingUntil, word }] of heard) {
      if (until <= now) changed = heard.delete(device)
      else if (typingUntil <= now && word.tabs.some(({ typing }) => typing)) changed = true
    }
    if (changed) work.changed()
    watch()
  }

  const watch = () => {
    cancelExpiry()
    const now = clock.now()
    const times = [...heard.values()].flatMap(({ until, typingUntil }) => [until, typingUntil])
    const soonest = Math.min(...times.filter((time) => time > now))
    if (Number.isFinite(soonest)) cancelExpiry = clock.after(soonest - now, expire)
  }

  const hasRoomFor = ({ person }: Word) =>
    heard.size < MOST_DEVICES &&
    [...heard.values()].filter(({ word }) => word.person === person).length < MOST_OF_A_PERSON

  return {
    devices: () =>
      [...heard.values()].map(({ word: { device, person, tabs: theirs }, typingUntil }) => ({
        device,
        person,
        tabs: theirs.map((tab) =>
          tab.typing && typingUntil <= clock.now() ? { ...tab, typing: false } : tab,
        ),
      })),
    entered() {
      inside = true
      speak(true)
    },
    heard(payload) {
      const word = readWord(payload)
      if (!word || word.device === work.device) return
      const before = heard.get(word.device)
      if (word.tabs.length === 0) {
        if (heard.delete(word.device)) work.changed()
        return watch()
      }
      if (!before && !hasRoomFor(word)) return
      const now = clock.now()
      const news = JSON.stringify(before?.word.tabs) !== JSON.stringify(word.tabs)
      const typing = word.tabs.some((tab) => tab.typing)
      heard.set(word.device, {
        word,
        until: now + believedFor(word.for),
        typingUntil: typing ? now + TYPING_FOR : 0,
        newsAt: news ? now : (before?.newsAt ?? now),
      })
      if (word.asks) speakWithin(random.fraction() * answerWithin(devices()))
      if (news || (before && before.typingUntil <= now && typing)) work.changed()
      watch()
    },
    show(now, again = false) {
      tabs = now
      if (tabs.length === 0) return goodbye()
      if (!again && JSON.stringify(tabs) === said) return
      speakWithin(Math.max(0, saidAt + gap(devices(), busy()) - clock.now()))
    },
    end() {
      goodbye()
      inside = false
      cancelExpiry()
      if (heard.size === 0) return
      heard.clear()
      work.changed()
    },
  }
}
