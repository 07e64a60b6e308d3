/** How the way between a device and the server is at this moment; faults turn these, healing turns them back. */
import type { LogServerError } from '../ports.ts'

export interface Conditions {
  /** Cut: calls fail and sockets close. Silent: nothing fails, and nothing comes. */
  state: 'up' | 'cut' | 'silent'
  /** Websockets do not pass, as behind some proxies. */
  websockets: boolean
  /** Longest time of one way, in milliseconds; each message draws its own, so that they overtake each other. */
  slowness: number
  /** So many of the next calls never reach the server. */
  lostCalls: number
  /** So many of the next calls reach it, and their answers are lost. */
  lostAnswers: number
  /** So many of the next calls reach it twice, the second time later. */
  doubledCalls: number
  /** So many of the next calls reach it long after they were given up. */
  lateCalls: number
  /** What the next calls are answered with instead. */
  failures: LogServerError[]
  /** Of a hundred hints, so many are lost, doubled, held up. */
  hints: { readonly lost: number; readonly doubled: number; readonly late: number }
}

export function makeConditions(): Conditions {
  return {
    state: 'up',
    websockets: true,
    slowness: 0,
    lostCalls: 0,
    lostAnswers: 0,
    doubledCalls: 0,
    lateCalls: 0,
    failures: [],
    hints: { lost: 0, doubled: 0, late: 0 },
  }
}

export function healConditions(conditions: Conditions): void {
  Object.assign(conditions, makeConditions(), { slowness: 5 })
}
