/**
 * How often a device speaks in a room of so many, so that the whole room stays within a budget: one word is delivered
 * to everybody, so what a room carries grows with the square of its people. [H4] [H5]
 */
const SECOND = 1_000

// Deliveries a second that a whole room makes, all devices together.
const HEARTBEATS = 50
const CHANGES = 200
const ANSWERS = 400

const ALONE = 30 * SECOND
const OFTEN = 10 * SECOND
// A browser runs the timers of a tab that nobody looks at once a minute.
const AWAY = 60 * SECOND
const SELDOM = 240 * SECOND

/** Until the next word of a device that has nothing new to say. */
export function heartbeat(devices: number, away: boolean): number {
  const shared = devices === 1 ? ALONE : Math.max(OFTEN, (devices * devices * SECOND) / HEARTBEATS)
  return Math.min(SELDOM, away ? Math.max(AWAY, shared) : shared)
}

/** Between two words of a device whose news come faster, when so many of the devices have news. */
export function gap(devices: number, busy: number): number {
  return Math.max(100, (devices * busy * SECOND) / CHANGES)
}

/** Within which an answer is given to whoever asks who is here. */
export function answerWithin(devices: number): number {
  return (devices * devices * SECOND) / ANSWERS
}

/** For how long a device that said when it speaks again is believed to be there, by the clock of who heard it. */
export function believedFor(promised: number): number {
  return 2.5 * Math.min(SELDOM, Math.max(2 * SECOND, promised))
}
