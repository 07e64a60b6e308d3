import type { PendingRecord } from './ports.ts'

const MOST = 200

/** An update that another tab told, by the tab's own count, and the changes that it is about. */
export interface Told {
  readonly tab: string
  readonly number: number
  readonly update: Uint8Array
  readonly records: readonly PendingRecord[]
}

/**
 * What siblings told is for them to store, and they say when they have. [T5] It is stored here too before something
 * of ours comes to stand on it, before the log's word on it is stored, and when the teller is gone.
 */
export interface ToldBySiblings {
  readonly empty: boolean
  add(told: Told): void
  /** The teller has stored all up to there. */
  stored(tab: string, through: number): void
  /** Hands everything over to be stored here too. */
  keep(): void
  forget(): void
}

export function makeToldBySiblings(store: (told: Told) => void): ToldBySiblings {
  let waiting: Told[] = []
  const self: ToldBySiblings = {
    get empty() {
      return waiting.length === 0
    },
    add(told) {
      waiting.push(told)
      if (waiting.length > MOST) self.keep()
    },
    stored(tab, through) {
      waiting = waiting.filter((told) => told.tab !== tab || told.number > through)
    },
    keep() {
      const taken = waiting
      waiting = []
      for (const told of taken) store(told)
    },
    forget() {
      waiting = []
    },
  }
  return self
}
