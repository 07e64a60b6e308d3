import { describe, expect, test } from 'vitest'
import { board, makeScene } from './testing/scene.ts'
import type { Device } from './testing/device.ts'

const seen = ({ engine }: Device) => engine.presence.people.get().map(({ id }) => id)

async function three() {
  const scene = makeScene()
  const first = scene.device('ana')
  const second = scene.device('ana', { besides: first })
  const b = scene.device('bruno')
  for (const { engine } of [first, second, b]) engine.open(board)
  await scene.clock.advance(1_000)
  return { ...scene, first, second, b }
}

describe('presence over tabs', () => {
  test('[H10] two tabs of one device are one person on one topic, and both see the other', async () => {
    const { clock, first, second, b } = await three()
    second.engine.presence.look(board, 'a-task')
    await clock.advance(1_000)
    expect(b.engine.presence.people.get()).toMatchObject([{ id: 'ana', places: [{ entity: 'a-task' }] }])
    expect([seen(first), seen(second)]).toEqual([['bruno'], ['bruno']])
    expect(second.network.meetings.topics).toEqual([])
  })

  test('[H10] a tab that dies is not shown any more; when it led, another speaks', async () => {
    const { clock, first, second, b } = await three()
    first.engine.presence.look(board, 'first')
    second.engine.presence.look(board, 'second')
    await clock.advance(1_000)
    first.crash()
    await clock.advance(40_000)
    expect(b.engine.presence.people.get()).toMatchObject([{ id: 'ana', places: [{ entity: 'second' }] }])
    expect(seen(second)).toEqual(['bruno'])
    second.crash()
    await clock.advance(40_000)
    expect(seen(b)).toEqual([])
  })

  test.each(['stops', 'freezes'])('[H6] a page that %s says goodbye', async (how) => {
    const scene = makeScene()
    const [a, b] = [scene.device('ana'), scene.device('bruno')]
    await scene.clock.advance(1_000)
    expect(seen(b)).toEqual(['ana'])
    if (how === 'stops') void a.engine.stop()
    else for (const event of ['hidden', 'frozen'] as const) a.tell(event)
    await scene.clock.settle()
    expect(seen(b)).toEqual([])
  })

  test('[H6] and is there again when it comes back', async () => {
    const scene = makeScene()
    const [a, b] = [scene.device('ana'), scene.device('bruno')]
    await scene.clock.advance(1_000)
    for (const event of ['hidden', 'frozen'] as const) a.tell(event)
    await scene.clock.advance(10_000)
    for (const event of ['returned', 'visible'] as const) a.tell(event)
    await scene.clock.advance(10_000)
    expect([seen(a), seen(b)]).toEqual([['bruno'], ['ana']])
  })

  test('[H9] who loses the network loses sight of others, and finds them again', async () => {
    const scene = makeScene()
    const [a, b] = [scene.device('ana'), scene.device('bruno')]
    await scene.clock.advance(1_000)
    a.network.cut()
    a.tell('offline')
    await scene.clock.settle()
    expect(seen(a)).toEqual([])
    await scene.clock.advance(60_000)
    expect(seen(b)).toEqual([])
    a.network.heal()
    a.tell('online')
    await scene.clock.advance(5_000)
    expect([seen(a), seen(b)]).toEqual([['bruno'], ['ana']])
  })
})
