/**
 * What a tab does that does not lead: it shows the leader's standing as its own, takes over the leader's journal, and
 * asks the leader for what only that one can do. [T9] A request is asked again of a new leader, and done here when this
 * tab comes to lead before it was answered.
 */
import { newUuid } from '../domain/ids.ts'
import type { ConnectionLog } from './connection-log.ts'
import type { Journal } from './journal.ts'
import type { SyncPorts } from './ports.ts'
import type { StandingBoard } from './standing-board.ts'
import type { TabRequest, TabWord } from './tab-messages.ts'
import type { TabRoom } from './tab-room.ts'

const ANSWER_WITHIN = 60_000
const DOUBT_FOR = 6_000

export interface Following {
  hear(word: TabWord): void
  /** Resolves when the leader has done it. */
  ask(request: TabRequest): Promise<void>
  /** What is still to be answered, with the ones who wait. */
  handOver(act: (request: TabRequest) => Promise<void>): void
  /** A tab that was away may have missed anything. */
  distrust(): void
  stop(): void
}

export interface FollowingWork {
  readonly journal: Journal
  readonly board: StandingBoard
  readonly log: ConnectionLog
  /** Asks the leader for all that it knows. */
  askAll(): void
  /** Another tab leads than before: says what is open here, and what each of these documents holds. */
  greet(): void
  /** The leader lacks something of ours in these documents. */
  tell(documentIds: readonly string[]): void
}

interface Waiting {
  readonly request: TabRequest
  settle(failure: string | null): void
}

export function makeFollowing(
  { clock, random }: Pick<SyncPorts, 'clock' | 'random'>,
  room: TabRoom,
  work: FollowingWork,
): Following {
  const waiting = new Map<string, Waiting>()
  let term: string | null = null
  let cancelDoubt = () => {}

  const take = (ask: string): Waiting | undefined => {
    const found = waiting.get(ask)
    waiting.delete(ask)
    return found
  }

  return {
    hear(word) {
      switch (word.kind) {
        case 'leads':
          if (word.term !== term) work.askAll()
          break
        case 'leading': {
          work.board.show(word.standing)
          work.log.hear(word.lines)
          const lacking = work.journal.agree(
            word.journal,
            (doc) => word.unsure !== null && !word.unsure.includes(doc),
          )
          cancelDoubt()
          if (work.journal.doubtful) cancelDoubt = clock.after(DOUBT_FOR, work.askAll)
          if (word.term === term) return work.tell(lacking)
          term = word.term
          work.greet()
          for (const [ask, { request }] of waiting) room.say({ kind: 'asked', ask, request })
          break
        }
        case 'standing':
          work.board.show(word.standing)
          break
        case 'line':
          work.log.hear([word.line])
          break
        case 'answered':
          if (word.to === room.tab) take(word.ask)?.settle(word.failure)
      }
    },
    ask: (request) =>
      new Promise((resolve, reject) => {
        const ask = newUuid(random.bytes)
        const settle = (failure: string | null) => {
          cancel()
          if (failure === null) resolve()
          else reject(new Error(failure))
        }
        const cancel = clock.after(ANSWER_WITHIN, () =>
          take(ask)?.settle('No tab of this app has answered. Try again.'),
        )
        waiting.set(ask, { request, settle })
        room.say({ kind: 'asked', ask, request })
      }),
    handOver(act) {
      cancelDoubt()
      for (const ask of waiting.keys()) {
        const one = take(ask)
        if (!one) continue
        act(one.request).then(
          () => one.settle(null),
          (error: unknown) => one.settle(error instanceof Error ? error.message : String(error)),
        )
      }
    },
    distrust() {
      term = null
    },
    stop() {
      cancelDoubt()
      for (const ask of waiting.keys()) take(ask)?.settle('The workspace was left.')
    },
  }
}
