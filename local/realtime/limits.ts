// What one client and all of them together may do. The numbers are those of a hosted project without a
// spend cap; a test or a measurement passes its own.

export interface Limits {
  connections: number
  channelsPerClient: number
  joinsPerSecond: number
  /** Broadcasts taken in and messages handed out, all clients together. */
  eventsPerSecond: number
  presenceEventsPerSecond: number
  /** track and untrack of one channel, within `presenceWindowMs`. */
  presenceCallsPerClient: number
  presenceWindowMs: number
  payloadBytes: number
  changeBytes: number
  /** A rate is the mean over this many seconds, so that a short burst passes. */
  rateWindowSeconds: number
  /** A socket that sent nothing for so long is closed; clients send a heartbeat every 25 seconds. */
  silenceMs: number
  /** A client that reads slower than it is sent is dropped here, so that it cannot fill our memory. */
  bufferedBytes: number
}

export const defaultLimits: Limits = {
  connections: 10_000,
  channelsPerClient: 100,
  joinsPerSecond: 2_500,
  eventsPerSecond: 2_500,
  presenceEventsPerSecond: 1_000,
  presenceCallsPerClient: 5,
  presenceWindowMs: 30_000,
  payloadBytes: 3_000_000,
  changeBytes: 1_048_576,
  rateWindowSeconds: 60,
  silenceMs: 60_000,
  bufferedBytes: 16_000_000,
}

/** Counts events in one-second buckets and tells the mean over the window. */
export class RateMeter {
  #buckets: Int32Array
  #second = 0
  #total = 0

  constructor(
    private readonly perSecond: number,
    private readonly windowSeconds: number,
    private readonly now: () => number = Date.now,
  ) {
    this.#buckets = new Int32Array(windowSeconds)
  }

  add(count = 1): void {
    this.#advance()
    const at = this.#second % this.windowSeconds
    this.#buckets[at] = (this.#buckets[at] ?? 0) + count
    this.#total += count
  }

  /** Whether `more` further events would pass the limit. */
  exceeded(more = 0): boolean {
    return this.mean() + more / this.windowSeconds > this.perSecond
  }

  mean(): number {
    this.#advance()
    return this.#total / this.windowSeconds
  }

  #advance(): void {
    const second = Math.floor(this.now() / 1000)
    const steps = Math.min(second - this.#second, this.windowSeconds)
    for (let step = 1; step <= steps; step += 1) {
      const at = (this.#second + step) % this.windowSeconds
      this.#total -= this.#buckets[at] ?? 0
      this.#buckets[at] = 0
    }
    if (steps > 0) {
      if (steps === this.windowSeconds) {
        this.#buckets.fill(0)
        this.#total = 0
      }
      this.#second = second
    }
  }
}
