import { expect, test } from 'vitest'
import type { ConnectionState } from './connection-state.ts'
import { makeLink } from './link.ts'
import type { LiveListener, Session } from './ports.ts'
import { makeSeededRandom } from './testing/seeded-random.ts'
import { makeVirtualClock } from './testing/virtual-clock.ts'

const topic = 'ws:x'

function linked(
  join: (listener: LiveListener) => void,
  renew: Session['renew'] = async () => 'ready',
  exchange: () => Promise<void> = async () => {},
) {
  const clock = makeVirtualClock()
  const shown: ConnectionState['kind'][] = []
  const link = makeLink(
    {
      clock,
      random: makeSeededRandom(1),
      live: {
        join(_topic, listener) {
          join(listener)
          return () => {}
        },
      },
      session: { renew, subscribe: () => () => {} },
      connectivity: { online: () => true, visible: () => true, subscribe: () => () => {} },
      log() {},
    },
    {
      mainTopic: topic,
      topics: () => [],
      exchange,
      hear() {},
      topicJoined() {},
      woken() {},
    },
  )
  link.state.subscribe(({ kind }) => shown.push(kind))
  return { clock, link, shown }
}

test('what happens within an effect is newer than what the effect came of', async () => {
  const { clock, link } = linked((listener) => listener.dropped('CLOSED'))
  link.start()
  await clock.advance(10_000)
  expect(link.state.get().kind).toBe('polling')
  link.stop()
})

test('[C1] live is said after the exchange, and not at the join', async () => {
  const { clock, link, shown } = linked((listener) => listener.joined())
  link.start()
  await clock.settle()
  expect(shown.at(-1)).toBe('live')
  link.stop()
})

test('[C12] of two renewals the later one counts, whichever is answered first', async () => {
  const answers: ((answer: 'ready' | 'signed-out') => void)[] = []
  const { clock, link } = linked(
    (listener) => listener.joined(),
    () => new Promise((resolve) => answers.push(resolve)),
  )
  link.start()
  await clock.settle()
  link.happened({ type: 'wake' })
  await clock.settle()
  answers[0]?.('signed-out')
  await clock.settle()
  expect(link.state.get().kind).toBe('starting')
  answers[1]?.('ready')
  await clock.settle()
  expect(link.state.get().kind).toBe('live')
  link.stop()
})

test('[C4] stopped, it leaves no timer of the machine behind', async () => {
  const { clock, link } = linked(() => {})
  link.start()
  await clock.advance(15_000)
  link.stop()
  expect(clock.timers).toBe(0)
})

test('one that is stopped while it exchanges joins nothing when the answer comes', async () => {
  let joins = 0
  const answers: (() => void)[] = []
  const { clock, link } = linked(
    (listener) => {
      joins++
      listener.joined()
    },
    undefined,
    () => new Promise((resolve) => answers.push(resolve)),
  )
  link.start()
  await clock.settle()
  answers.shift()?.()
  await clock.advance(61_000)
  link.stop()
  const before = joins
  for (const answer of answers) answer()
  await clock.settle()
  expect(joins).toBe(before)
})
