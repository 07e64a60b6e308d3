/** The sign-in of one person on one device, shared by its tabs: a token that ends, and its renewal. */
import type { Session } from '../ports.ts'
import type { Conditions } from './conditions.ts'
import type { Life } from './life.ts'

const HOUR = 3_600_000

export interface SignIn {
  /** By the server's clock. */
  validUntil: number
  /** Ended by the server: only a person can sign in again. */
  revoked: boolean
  /** Renewals get no answer to use. */
  failing: boolean
  as(life: Life): Session
  /** Every tab hears it. */
  tell(signedIn: boolean): void
}

export function makeSignIn(now: () => number, conditions: Conditions): SignIn {
  const listeners = new Set<(signedIn: boolean) => void>()
  const signIn: SignIn = {
    validUntil: now() + HOUR,
    revoked: false,
    failing: false,
    as: (life) => ({
      renew: (force) =>
        life.call('renew', async () => {
          // Whether it is due is judged by the device's own clock, which may be wrong.
          if (!force && signIn.validUntil - life.clock.now() > 60_000) return 'ready'
          if (conditions.state !== 'up' || signIn.failing) return 'unreachable'
          if (signIn.revoked) return 'signed-out'
          signIn.validUntil = now() + HOUR
          return 'ready'
        }),
      subscribe(listener) {
        const heard = (signedIn: boolean) => life.hear(() => listener(signedIn))
        listeners.add(heard)
        life.onEnd(() => listeners.delete(heard))
        return () => listeners.delete(heard)
      },
    }),
    tell(signedIn) {
      for (const listener of Array.from(listeners)) listener(signedIn)
    },
  }
  return signIn
}
