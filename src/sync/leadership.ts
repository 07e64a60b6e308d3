/**
 * Which tab leads. [T2] Every tab waits for one lock; whoever holds it leads until it dies, is frozen, is stopped, or
 * the lock is taken from it. Two rules keep a sleepy leader from hurting anybody: hidden for five seconds, while
 * somebody looks at another tab, it hands over to that one; and one that answers nothing for two seconds is taken from
 * by a tab that somebody looks at. Nothing of value hangs on there being one leader only: for moments there may be two.
 */
import type { SyncPorts } from './ports.ts'
import { aborted } from './tab-life.ts'
import type { TabWord } from './tab-messages.ts'
import type { TabRoom } from './tab-room.ts'

const HIDDEN_FOR = 5_000
const HANDOVER = 2_000
const ANSWER_WITHIN = 2_000
const ASK_EVERY = 10_000
const QUIET_FOR = 5_000
const LOCK_FAILED = 1_000

/** Held by the tab that leads. */
export const leaderLock = (workspaceId: string): string => `${workspaceId}/leader`

export interface Leadership {
  readonly leads: boolean
  /** Waits for its turn, from here on or again. */
  stand(): void
  hear(word: TabWord): void
  /** Something was edited here: the leader had better be there. */
  wants(): void
  /** The page is shown, or shown no more. */
  looked(): void
  /** Holds and awaits the lock no more: the page is frozen, or lacks what it would lead with. */
  withdraw(): void
  /** Leads no more, ever. */
  retire(): void
}

export interface LeadershipWork {
  lead(): void
  follow(): void
  /** A tab that somebody looks at. */
  visibleSibling(): string | null
  /** This tab could lead at once. */
  able(): boolean
}

type LeadershipPorts = Pick<SyncPorts, 'clock' | 'connectivity' | 'log'> & {
  readonly locks: NonNullable<SyncPorts['locks']>
}

export function makeLeadership(
  { clock, locks, connectivity, log }: LeadershipPorts,
  room: TabRoom,
  lockName: string,
  work: LeadershipWork,
): Leadership {
  let leads = false
  let away = true
  let retired = false
  let waiting: AbortController | null = null
  let letGo = () => {}
  let hiddenAt: number | null = null
  // A leader has spoken since this tab asked. Times would not tell it after the device's clock was put back.
  let answered = true
  let heardAt = -Infinity
  let askedAt = -Infinity
  let cancelYield: (() => void) | null = null
  let cancelAsk: (() => void) | null = null

  const stepDown = () => {
    if (!leads) return
    leads = false
    cancelYield?.()
    work.follow()
  }

  const contend = (steal = false) => {
    waiting?.abort()
    if (away) return
    const mine = new AbortController()
    waiting = mine
    const over = () => {
      if (waiting === mine) contend()
    }
    locks
      .hold(lockName, { signal: mine.signal, steal }, (lost) => lead(mine.signal, lost))
      .then(over, (error: unknown) => {
        log({ code: 'failed', reason: `lock ${error instanceof Error ? error.name : 'unknown'}` })
        clock.after(LOCK_FAILED, over)
      })
  }

  const lead = async (given: AbortSignal, lost: AbortSignal) => {
    if (given.aborted) return
    const ending = new AbortController()
    letGo = () => ending.abort()
    leads = true
    cancelAsk?.()
    work.lead()
    considerYielding()
    await aborted(ending.signal, lost)
    stepDown()
  }

  const considerYielding = () => {
    cancelYield?.()
    cancelYield = null
    if (!leads || hiddenAt === null || work.visibleSibling() === null) return
    cancelYield = clock.after(Math.min(HIDDEN_FOR, Math.max(0, hiddenAt + HIDDEN_FOR - clock.now())), () => {
      const to = work.visibleSibling()
      if (!leads || to === null) return
      stepDown()
      // Held until that one takes it, so that no third gets it meanwhile.
      room.say({ kind: 'yours', to })
      cancelYield = clock.after(HANDOVER, letGo)
    })
  }

  /** Asks whether anybody leads; without an answer, this tab does. */
  const ask = () => {
    cancelAsk?.()
    cancelAsk = null
    if (leads || away || hiddenAt !== null || !work.able()) return
    answered = false
    askedAt = clock.now()
    room.say({ kind: 'anybody' })
    cancelAsk = clock.after(ANSWER_WITHIN, () => {
      if (answered) cancelAsk = clock.after(ASK_EVERY, ask)
      else contend(true)
    })
  }

  const looked = () => {
    const visible = connectivity.visible()
    if (!visible) hiddenAt ??= clock.now()
    else hiddenAt = null
    considerYielding()
    ask()
  }

  const goAway = () => {
    away = true
    stepDown()
    waiting?.abort()
    waiting = null
    cancelAsk?.()
    cancelYield?.()
    letGo()
  }

  const stand = () => {
    if (retired) return
    if (away) {
      away = false
      contend()
    }
    looked()
  }

  return {
    get leads() {
      return leads
    },
    stand,
    hear(word) {
      if (word.kind === 'leads' || word.kind === 'leading' || word.kind === 'standing') {
        answered = true
        heardAt = clock.now()
      }
      if (word.kind === 'here') considerYielding()
      if (word.kind === 'yours' && word.to === room.tab && hiddenAt === null) contend(true)
    },
    wants() {
      if (Math.abs(clock.now() - Math.max(heardAt, askedAt)) > QUIET_FOR) ask()
    },
    looked,
    withdraw: goAway,
    retire() {
      retired = true
      goAway()
    },
  }
}
