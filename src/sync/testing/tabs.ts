/** Several tabs of one person on one device, with the board open in each. */
import type { DocumentHandle } from '../sync-engine.ts'
import type { Device } from './device.ts'
import type { Role } from './log-twin.ts'
import { board, makeScene, type Scene } from './scene.ts'

interface Tab {
  readonly device: Device
  readonly handle: DocumentHandle
}

interface TabScene extends Scene {
  readonly tabs: readonly Tab[]
  /** Another person's device, for what reached the server. */
  readonly other: Tab
  /** Another tab of the same profile. */
  another(): Tab
  /** The tabs that hold a websocket. */
  leaders(): readonly Tab[]
}

export async function makeTabs(count: number, { role = 'agent' as Role, seed = 1 } = {}): Promise<TabScene> {
  const scene = makeScene(seed)
  const opened = (device: Device): Tab => ({ device, handle: device.engine.open(board) })
  const other = opened(scene.device('bruno'))
  const tabs: Tab[] = []
  const another = () => {
    const besides = tabs[0] ? { besides: tabs[0].device } : {}
    const tab = opened(scene.device('ana', { role, ...besides }))
    tabs.push(tab)
    return tab
  }
  for (let n = 0; n < count; n++) {
    another()
    await scene.clock.advance(100)
  }
  return {
    ...scene,
    tabs,
    other,
    another,
    leaders: () => tabs.filter(({ device }) => device.network.joined.length > 0),
  }
}

/** The tab of this number, which the test has made. */
export function at(tabs: readonly Tab[], index: number): Tab {
  const tab = tabs[index]
  if (!tab) throw new Error(`the scene has no tab ${index}`)
  return tab
}
