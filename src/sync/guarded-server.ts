/**
 * The log behind the circuit breaker. What counts as a failure is a server that cannot be reached, that is busy, or
 * that does not answer in time. A no of any kind (401, a refused operation, a call too large) is an answer. While the
 * breaker is open a call fails at once, and says how long the pause still is, so that whoever retries comes back
 * when it is over: the local copy is what there is until then. [B1]–[B6]
 */
import { breakerStep, closedBreaker, pauseOf, type Breaker, type BreakerEvent } from './circuit-breaker.ts'
import type { NoteLine } from './connection-log.ts'
import { makeSubject, type Observable } from './observable.ts'
import { LogServerError, type LogServer, type SyncPorts } from './ports.ts'
import type { CallsState } from './sync-state.ts'

export interface GuardedServer {
  readonly server: LogServer
  readonly calls: Observable<CallsState>
  /** No call goes out now. */
  isPaused(): boolean
  /** A wake, or a person, wants to know now. */
  ask(by: 'person' | 'wake'): void
}

type Ports = Pick<SyncPorts, 'clock' | 'server'>

export function guardServer({ clock, server }: Ports, note: NoteLine): GuardedServer {
  let breaker: Breaker = closedBreaker
  const calls = makeSubject<CallsState>({ kind: 'normal' })
  let probe: Promise<unknown> | null = null

  const happened = (event: BreakerEvent) => {
    const before = breaker
    breaker = breakerStep(breaker, event, clock.now())
    if (breaker === before) return
    const told = stateOf(breaker)
    if (breaker.kind === 'open') note({ code: 'calls-paused', milliseconds: breaker.until - breaker.since })
    else if (breaker.kind === 'closed' && before.kind !== 'closed') note({ code: 'calls-resumed' })
    calls.set(told)
  }

  const fail = (name: 'push' | 'pull', error: unknown) => {
    const { reason, answered, retryAfter } = asFailure(name, error)
    note({ code: `${name}-failed`, reason, ...(answered === null ? {} : { answered }) })
    happened(
      reason === 'unreachable' || reason === 'busy' ? { type: 'failed', retryAfter } : { type: 'answered' },
    )
  }

  const guarded = async <T>(
    name: 'push' | 'pull',
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    // Who comes while the probe is under way waits for what it says.
    for (let other = probe; other; other = probe) await other
    if (signal.aborted) throw new LogServerError('unreachable', `${name} was not called in time`)
    const pause = pauseOf(breaker, clock.now())
    if (pause > 0) throw paused(name, pause)
    happened({ type: 'called' })
    const answer = inSignal(name, signal, call)
    const told = answer.then(
      () => happened({ type: 'answered' }),
      (error: unknown) => fail(name, error),
    )
    if (breaker.kind === 'half-open') {
      probe = told
      void told.then(() => (probe = null))
    }
    try {
      await told
      return await answer
    } catch (error) {
      // Whoever tries again comes back when the breaker lets it through.
      const failure = asFailure(name, error)
      const rest = Math.max(pauseOf(breaker, clock.now()), failure.retryAfter ?? 0)
      if (rest === 0 || rest === failure.retryAfter) throw failure
      throw new LogServerError(failure.reason, failure.message, rest, failure.answered)
    }
  }

  return {
    server: {
      push: (operations, signal) => guarded('push', signal, (at) => server.push(operations, at)),
      pull: (cursors, signal) => guarded('pull', signal, (at) => server.pull(cursors, at)),
    },
    calls,
    isPaused: () => pauseOf(breaker, clock.now()) > 0,
    ask: (by) => happened({ type: 'asked', by }),
  }
}

/** A call that hears of no end to its time would hold the breaker half-open for ever. */
function inSignal<T>(
  name: string,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => reject(new LogServerError('unreachable', `${name} got no answer in time`))
    signal.addEventListener('abort', giveUp)
    call(signal)
      .finally(() => signal.removeEventListener('abort', giveUp))
      .then(resolve, reject)
  })
}

function asFailure(name: string, error: unknown): LogServerError {
  if (error instanceof LogServerError) return error
  return new LogServerError(
    'unreachable',
    `${name} failed: ${error instanceof Error ? error.name : 'unknown'}`,
  )
}

function paused(name: string, pause: number): LogServerError {
  return new LogServerError('busy', `${name} was not called: the server is left in peace`, pause, 'paused')
}

function stateOf(breaker: Breaker): CallsState {
  if (breaker.kind === 'closed') return { kind: 'normal' }
  return breaker.kind === 'open' ? { kind: 'paused', until: breaker.until } : { kind: 'trying' }
}
