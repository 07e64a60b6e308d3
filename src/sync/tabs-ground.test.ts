import { expect, test } from 'vitest'
import { addTask, board, makeScene, one, setTask, shown, two } from './testing/scene.ts'

test('[T15] an edit whose ground is with a tab that sleeps waits for it, and is in the log once', async () => {
  const { clock, device } = makeScene()
  const onOther = device('bruno').engine.open(board)
  const maker = device('ana')
  maker.network.state = 'cut'
  maker.storage.fault = 'unavailable'
  const onMaker = maker.engine.open(board)
  await clock.advance(1_000)
  addTask(onMaker, one, { title: 'in memory alone' })
  const second = device('ana', { besides: maker })
  const onSecond = second.engine.open(board)
  await clock.advance(1_000)
  maker.sleep()
  setTask(onSecond, one, { status: 'done' })
  addTask(onSecond, two, { title: 'its own' })
  await clock.advance(60_000)
  maker.wake()
  maker.network.state = 'up'
  maker.tell('online')
  await clock.advance(60_000)
  expect(shown(onOther)).toMatchObject({ [one]: { status: 'done', title: 'in memory alone' }, [two]: {} })
  for (const { engine } of [maker, second]) expect(engine.state.get().pending).toEqual([])
})
