/**
 * A part of the engine that comes as a script of its own. [T16] One that does not come is asked for again after 1, 2,
 * 4, 8, 16, 30, 30 … seconds, and at once when the network or the page comes back; one that takes long is waited for,
 * and told of as late. Where it is at hand it is there before `start` returns.
 */
import type { SyncPorts } from './ports.ts'

const LATE = 5_000
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000

/** The server does not have it any more: it has a newer app. */
export class PartOutdated extends Error {
  constructor() {
    super('The rest of this version of the app is not on the server any more.')
    this.name = 'PartOutdated'
  }
}

/** Only what is used of it. */
export type LeadingPart = Pick<
  typeof import('./leading-part.ts'),
  'makeHearsay' | 'makeLeading' | 'makeNearby'
>

export type LoadPart<Part> = () => Part | Promise<Part>

export interface PartLoading<Part> {
  /** Null until it has come. */
  readonly part: Part | null
  start(): void
  stop(): void
}

export interface PartEvents<Part> {
  came(part: Part): void
  /** It was asked for seconds ago, and may still come. */
  late(): void
  failed(error: unknown, nextTryAt: number): void
  outdated(): void
}

export function makePartLoading<Part extends object>(
  { clock, connectivity }: Pick<SyncPorts, 'clock' | 'connectivity'>,
  load: LoadPart<Part>,
  events: PartEvents<Part>,
): PartLoading<Part> {
  let part: Part | null = null
  let ended = false
  let pause = FIRST_PAUSE
  /** Set between two attempts. */
  let cancelPause: (() => void) | null = null
  let cancelLate = () => {}

  const end = () => {
    ended = true
    cancelPause?.()
    cancelLate()
    forget()
  }

  const came = (given: Part) => {
    if (ended) return
    end()
    part = given
    events.came(given)
  }

  const failed = (error: unknown) => {
    if (ended) return
    cancelLate()
    if (error instanceof PartOutdated) {
      end()
      return events.outdated()
    }
    const cancel = clock.after(pause, ask)
    cancelPause = cancel
    events.failed(error, clock.now() + pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE)
  }

  const ask = () => {
    cancelPause?.()
    cancelPause = null
    cancelLate = clock.after(LATE, events.late)
    const given = load()
    if (given instanceof Promise) given.then(came, failed)
    else came(given)
  }

  const forget = connectivity.subscribe((event) => {
    if (cancelPause && (event === 'online' || event === 'visible')) ask()
  })

  return {
    get part() {
      return part
    },
    start: ask,
    stop: end,
  }
}
