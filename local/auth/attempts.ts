import { AuthError } from './auth-error.ts'

// Guessing is slow: after too many wrong answers for one thing, none is heard for a while. An attempt
// counts from its beginning: a thousand made at once would otherwise all be heard before one had failed.

export interface Attempts {
  /** Throws when this thing was guessed at too often. */
  begin(key: string): void
  succeeded(key: string): void
}

export function createAttempts({ most = 20, seconds = 300, now = Date.now } = {}): Attempts {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (key: string) => {
    const known = failures.get(key)
    if (known && now() - known.since > seconds * 1000) {
      failures.delete(key)
      return undefined
    }
    return known
  }
  return {
    begin(key) {
      const known = current(key)
      if ((known?.count ?? 0) >= most) {
        throw new AuthError(
          429,
          'over_request_rate_limit',
          'Too many wrong attempts. Try again in a few minutes.',
        )
      }
      if (known) known.count++
      else {
        for (const old of failures.keys()) current(old)
        failures.set(key, { count: 1, since: now() })
      }
    },
    succeeded: (key) => void failures.delete(key),
  }
}
