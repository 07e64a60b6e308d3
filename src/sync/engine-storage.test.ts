import { describe, expect, test } from 'vitest'
import { addTask, board, numbered, one, shown, two, twoDevices } from './testing/scene.ts'

describe('a page that ends, and storage that does not answer', () => {
  test('[D3] what was edited while an answer of the server came in waits for no read either', async () => {
    const { clock, a, onA } = await twoDevices()
    const written = a.storage.written.length
    for (let n = 0; n < 50; n++) {
      addTask(onA, numbered(n), { title: String(n) })
      await clock.advance(7)
    }
    await clock.advance(1_000)
    const edits = a.storage.written.slice(written).filter(({ pending }) => pending.length > 0)
    expect(edits.length).toBeGreaterThan(10)
    for (const batch of edits) expect(batch).not.toHaveProperty('sync')
    expect(a.storage.content(board).sync?.cursor.seq).toBeGreaterThan(0)
  })

  test('[D3] a page that is hidden does not wait for the transaction before it', async () => {
    const { clock, a, onA } = await twoDevices()
    a.network.cut()
    a.tell('offline')
    await clock.settle()
    a.storage.fault = 'frozen'
    addTask(onA, one, { title: 'in a transaction that takes its time' })
    await clock.settle()
    a.storage.fault = null
    addTask(onA, two, { title: 'last words' })
    a.tell('hidden')
    for (let n = 0; n < 20; n++) await Promise.resolve()
    expect(a.storage.content(board).pending).toMatchObject([{ entity: two }])
  })

  test('[D4] a transaction that never ends, as behind a frozen tab: said after ten seconds, written when it can be', async () => {
    const { clock, a, onA, onB } = await twoDevices()
    a.network.cut()
    a.tell('offline')
    await clock.settle()
    a.storage.fault = 'frozen'
    addTask(onA, one, { title: 'kept' })
    await clock.advance(11_000)
    expect(a.engine.state.get()).toMatchObject({ storage: 'memory-only', pending: [{ state: 'memory' }] })
    a.storage.fault = null
    await clock.advance(65_000)
    expect(a.engine.state.get()).toMatchObject({ storage: 'ok', pending: [{ state: 'device' }] })
    a.crash()
    a.network.heal()
    a.start()
    a.engine.open(board)
    await clock.advance(1_000)
    expect(shown(onB)).toMatchObject({ [one]: { title: 'kept' } })
  })

  test('[S1] a local copy that opens and is never read does not keep the document from loading, nor others from syncing', async () => {
    const { clock, a, onB } = await twoDevices()
    addTask(onB, one, { title: 'from the server' })
    await clock.advance(1_000)
    a.crash()
    a.storage.fault = 'frozen'
    a.start()
    const again = a.engine.open(board)
    await clock.advance(20_000)
    expect(shown(again)).toEqual(shown(onB))
    expect(a.engine.connection.get().kind).toBe('live')
  })

  test('what was edited before the local copy was read is on the device though the workspace is left at once', async () => {
    const { clock, a } = await twoDevices()
    a.network.cut()
    a.crash()
    const engine = a.start()
    addTask(engine.open(board), one, { title: 'quick' })
    const stopping = engine.stop()
    await clock.advance(100)
    await stopping
    a.start()
    const again = a.engine.open(board)
    await clock.advance(100)
    expect(shown(again)).toMatchObject({ [one]: { title: 'quick' } })
    expect(a.engine.state.get().pending).toMatchObject([{ state: 'device' }])
  })
})
