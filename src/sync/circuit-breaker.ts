/**
 * The circuit breaker around the calls to the log, as a pure machine. [B1] Three failures in a row open it: no call
 * goes out for thirty seconds. [B2] Then it is half-open: one call is the probe, and its answer closes the breaker or
 * opens it again. [B3] A pause that the server names opens it at once, for that long. [B4] A person who asks is let
 * through at once; a wake is too, save in a pause that the server named. [B1]–[B6] of docs/sync.md.
 */
const OPEN_AFTER = 3
const OPEN_FOR = 30_000

export type Breaker =
  | { readonly kind: 'closed'; readonly failures: number }
  /** Until `until`; the moment it began tells when the device's clock was set back meanwhile. */
  | { readonly kind: 'open'; readonly since: number; readonly until: number; readonly named: boolean }
  /** The next call is the probe, or, once `probing`, it is under way. */
  | { readonly kind: 'half-open'; readonly probing: boolean }

export type BreakerEvent =
  | { readonly type: 'answered' }
  | { readonly type: 'failed'; readonly retryAfter?: number | null }
  | { readonly type: 'called' }
  | { readonly type: 'asked'; readonly by: 'person' | 'wake' }

export const closedBreaker: Breaker = { kind: 'closed', failures: 0 }

export function breakerStep(breaker: Breaker, event: BreakerEvent, now: number): Breaker {
  switch (event.type) {
    case 'answered':
      return closedBreaker
    case 'failed':
      return failed(breaker, event.retryAfter ?? 0, now)
    case 'called':
      return breaker.kind === 'closed' || pauseOf(breaker, now) > 0
        ? breaker
        : { kind: 'half-open', probing: true }
    case 'asked':
      if (breaker.kind !== 'open' || (breaker.named && event.by === 'wake')) return breaker
      return { kind: 'half-open', probing: false }
  }
}

/** How long no call goes out yet. A clock that was set back ends the pause: nobody knows how long it has been. */
export function pauseOf(breaker: Breaker, now: number): number {
  return breaker.kind === 'open' && now >= breaker.since ? Math.max(0, breaker.until - now) : 0
}

function failed(breaker: Breaker, retryAfter: number, now: number): Breaker {
  const open = (pause: number, named: boolean): Breaker => ({
    kind: 'open',
    since: now,
    until: now + pause,
    named,
  })
  if (retryAfter > 0) return open(retryAfter, true)
  // What went out before the breaker opened comes back as well: it opens no second pause.
  if (breaker.kind === 'open') return breaker
  if (breaker.kind === 'half-open') return open(OPEN_FOR, false)
  const failures = breaker.failures + 1
  return failures >= OPEN_AFTER ? open(OPEN_FOR, false) : { kind: 'closed', failures }
}
