import {
  initialConnection,
  step,
  type Connection,
  type ConnectionEvent,
  type Effect,
  type TimerName,
} from '../connection.ts'

export const now = 1_000_000

/** Runs events at given seconds; gives the connection after them, what was done last, and the timers that run. */
export function run(events: readonly (readonly [number, ConnectionEvent])[], chance = 0.5) {
  let connection: Connection = initialConnection
  let last: readonly Effect[] = []
  const timers = new Map<TimerName, number>()
  for (const [second, event] of events) {
    if (event.type === 'timer') timers.delete(event.timer)
    ;[connection, last] = step(connection, event, { now: now + second * 1_000, chance })
    for (const effect of last) {
      if (effect.do === 'set') timers.set(effect.timer, second + effect.delay / 1_000)
      if (effect.do === 'cancel') timers.delete(effect.timer)
    }
  }
  return { connection, kind: connection.state.kind, did: last.map(name), timers: Object.fromEntries(timers) }
}

function name(effect: Effect): string {
  if (effect.do === 'set' || effect.do === 'cancel') return `${effect.do} ${effect.timer}`
  return effect.do === 'renew' && effect.force ? 'renew by force' : effect.do
}
