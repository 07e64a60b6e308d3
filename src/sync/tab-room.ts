/** This tab among its siblings: who says what, in the protocol that this app speaks. */
import type { TabBus } from './ports.ts'
import { TAB_PROTOCOL, type TabWord } from './tab-messages.ts'

export interface TabRoom {
  /** The name of this tab, never used again. */
  readonly tab: string
  say(word: TabWord): void
  stop(): void
}

export interface RoomEvents {
  hear(word: TabWord, from: string): void
  /** A sibling runs a newer app. */
  newer(): void
  /** A sibling runs an older one, which shall hear that there is a newer. */
  older(): void
}

export function makeTabRoom(tabs: TabBus, tab: string, events: RoomEvents): TabRoom {
  const older = new Set<string>()
  const stop = tabs.subscribe((message) => {
    const { protocol, tab: from } = message
    if (protocol === TAB_PROTOCOL) return events.hear(message, from)
    if (protocol > TAB_PROTOCOL) return events.newer()
    if (older.has(from)) return
    older.add(from)
    events.older()
  })
  return {
    tab,
    say: (word) => tabs.post({ ...word, protocol: TAB_PROTOCOL, tab }),
    stop,
  }
}
