// @vitest-environment jsdom
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ConnectivityEvent, TabMessage } from '../ports.ts'
import { makeBrowserPorts } from './browser-ports.ts'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
})
afterEach(() => vi.unstubAllGlobals())

const look = (visibility: DocumentVisibilityState) => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibility)
  document.dispatchEvent(new Event('visibilitychange'))
}

test('[D3] [C5] [C6] what a page hears of its life is what the engine hears, until it stops listening', () => {
  const { connectivity } = makeBrowserPorts('ana', 'w')
  const heard: ConnectivityEvent[] = []
  const stop = connectivity.subscribe((event) => heard.push(event))
  const shows = (persisted: boolean) =>
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))

  window.dispatchEvent(new Event('offline'))
  window.dispatchEvent(new Event('online'))
  look('hidden')
  look('visible')
  window.dispatchEvent(new Event('pagehide'))
  shows(true)
  document.dispatchEvent(new Event('freeze'))
  document.dispatchEvent(new Event('resume'))
  const away = ['hidden', 'frozen', 'returned', 'visible']
  expect(heard).toEqual(['offline', 'online', 'hidden', 'visible', ...away, ...away])
  expect(connectivity.visible()).toBe(true)

  // The first show of a page is its start, not its return.
  shows(false)
  stop()
  look('hidden')
  expect(heard).toHaveLength(12)
  expect(connectivity.visible()).toBe(false)
})

test('[T1] a tab hears its person’s other tabs and neither itself, nor another person, nor another workspace', async () => {
  const [one, two, other, elsewhere] = [
    ['ana', 'w'],
    ['ana', 'w'],
    ['bruno', 'w'],
    ['ana', 'another'],
  ].map(([person = '', workspace = '']) => makeBrowserPorts(person, workspace).tabs)
  const heard: TabMessage[] = []
  const stops = [
    one?.subscribe((message) => heard.push(message)),
    other?.subscribe((message) => heard.push(message)),
    elsewhere?.subscribe((message) => heard.push(message)),
  ]
  const message: TabMessage = {
    protocol: 1,
    tab: 'one',
    kind: 'logged',
    doc: 'd',
    generation: 0,
    updates: [Uint8Array.of(1, 2)],
    number: 1,
  }
  const stopTwo = two?.subscribe(() => {})
  one?.post(message)
  two?.post(message)
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  expect(heard[0]).toMatchObject({ kind: 'logged', doc: 'd' })
  for (const stop of [...stops, stopTwo]) stop?.()
  // An edit made while the workspace is being left still tells of itself, and must not throw.
  expect(() => one?.post(message)).not.toThrow()
})

test('where BroadcastChannel is missing a tab works alone', () => {
  vi.stubGlobal('BroadcastChannel', undefined)
  vi.stubGlobal('navigator', { locks: {} })
  const { tabs, locks } = makeBrowserPorts('ana', 'w')
  expect(locks).toBeNull()
  const heard: TabMessage[] = []
  const stop = tabs.subscribe((message) => heard.push(message))
  tabs.post({ protocol: 1, tab: 'one', kind: 'gone' })
  stop()
  expect(heard).toEqual([])
})

test('a timer taken back does not run, and chance has the length that is asked for', () => {
  vi.useFakeTimers()
  try {
    const { clock, random } = makeBrowserPorts('ana', 'w')
    const run = vi.fn<() => void>()
    clock.after(10, run)()
    clock.after(20, run)
    vi.advanceTimersByTime(30)
    expect(run).toHaveBeenCalledTimes(1)
    expect(random.bytes(16)).toHaveLength(16)
    expect(random.fraction()).toBeLessThan(1)
  } finally {
    vi.useRealTimers()
  }
})

test('[D2] the end of a task is not a timer, which a tab that nobody looks at gets late', async () => {
  const timer = vi.spyOn(globalThis, 'setTimeout')
  const { clock } = makeBrowserPorts('ana', 'w')
  const ran: string[] = []
  const cancel = clock.after(0, () => ran.push('cancelled'))
  cancel()
  clock.after(0, () => ran.push('run'))
  expect(ran).toEqual([])
  expect(timer).not.toHaveBeenCalled()
  timer.mockRestore()
  await vi.waitFor(() => expect(ran).toEqual(['run']))
})
