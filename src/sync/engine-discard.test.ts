import { describe, expect, test } from 'vitest'
import { addTask, board, makeScene, one, setTask, shown } from './testing/scene.ts'

/** A viewer with two tabs, of which the first holds a refused edit. */
async function twoTabs() {
  const scene = makeScene()
  const { clock } = scene
  const onA = scene.device('ana').engine.open(board)
  const v = scene.device('vera', { role: 'viewer' })
  const onV = v.engine.open(board)
  await clock.settle()
  const w = scene.device('vera', { role: 'viewer', besides: v })
  const onW = w.engine.open(board)
  await clock.settle()
  addTask(onA, one, { title: 'theirs' })
  await clock.advance(1_000)
  setTask(onV, one, { title: 'mine' })
  await clock.advance(1_000)
  const drop = async () => {
    const [change] = v.engine.state.get().pending
    const dropping = v.engine.discard(change?.id ?? '')
    await clock.advance(1_000)
    await dropping
  }
  return { ...scene, v, w, onA, onV, onW, drop }
}

describe('[S11] dropping what was refused', () => {
  test('a sibling tab drops it too, and does not bring it back to this one, to the device or to the server', async () => {
    const { clock, v, w, onA, onV, onW, drop } = await twoTabs()
    expect(shown(onW)).toMatchObject({ [one]: { title: 'mine' } })
    await drop()
    await clock.advance(130_000)
    for (const handle of [onV, onW]) expect(shown(handle)).toEqual(shown(onA))
    for (const device of [v, w]) expect(device.engine.state.get().pending).toEqual([])
    const { push } = w.network.calls
    await clock.advance(130_000)
    expect(w.network.calls.push).toBe(push)
    v.crash()
    w.crash()
    v.network.state = 'cut'
    v.start()
    const again = v.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toEqual(shown(onA))
  })

  test('a screen that throws when it hears of it does not keep what was dropped on the device', async () => {
    const { clock, v, w, onA, onV, drop } = await twoTabs()
    onV.onReplaced(() => {
      throw new Error('a broken screen')
    })
    await drop()
    v.crash()
    w.crash()
    v.network.state = 'cut'
    v.start()
    const again = v.engine.open(board)
    await clock.advance(1_000)
    expect(shown(again)).toEqual(shown(onA))
  })
})
