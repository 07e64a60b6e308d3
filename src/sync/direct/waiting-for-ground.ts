/** What was told and stands on something that is not in the document yet: it waits outside. [S15] */

/** One broadcast of another device. */
export interface Told {
  readonly id: string
  readonly update: Uint8Array
  readonly at: number
  /** Nobody confirmed it in time: it is for us to push. */
  adopted: boolean
  /** It is kept on the device. */
  stored: boolean
}

const MOST = 64
const MOST_BYTES = 256_000

export interface WaitingForGround {
  add(one: Told): void
  take(): readonly Told[]
  list(): readonly Told[]
  /** Its ground does not come any more. */
  forget(toldBefore: number): void
}

export function makeWaitingForGround(settle: (id: string) => void): WaitingForGround {
  let waiting: Told[] = []
  const bytes = () => waiting.reduce((sum, { update }) => sum + update.byteLength, 0)
  return {
    add(one) {
      if (waiting.length < MOST && bytes() + one.update.byteLength <= MOST_BYTES) waiting.push(one)
      else if (one.stored) settle(one.id)
    },
    take() {
      const taken = waiting
      waiting = []
      return taken
    },
    list: () => waiting,
    forget(toldBefore) {
      for (const { id, at, stored } of waiting) if (stored && at <= toldBefore) settle(id)
      waiting = waiting.filter(({ at }) => at > toldBefore)
    },
  }
}
