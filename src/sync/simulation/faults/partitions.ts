/** The way to the server is cut, silent, half open, or lets no websocket through. */
import type { Device, World } from '../world.ts'
import { anyDevice, anyTab, later, type Fault } from './fault.ts'

const LONGEST = 70_000

function tell(world: World, device: Device, event: 'online' | 'offline'): void {
  if (world.random.percent(60))
    for (const { tabs } of device.profiles) for (const tab of tabs) tab.tell(event)
}

function cut(world: World, device: Device): void {
  const { conditions } = device
  conditions.state = 'cut'
  for (const { tabs } of device.profiles) for (const { way } of tabs) way.drop('the socket closed')
  tell(world, device, 'offline')
  later(world, LONGEST, () => {
    conditions.state = 'up'
    tell(world, device, 'online')
  })
}

export const partitions: readonly Fault[] = [
  {
    name: 'network cut',
    weight: 4,
    strike(world) {
      cut(world, anyDevice(world))
      return true
    },
  },
  {
    name: 'everybody cut off',
    weight: 1,
    strike(world) {
      for (const device of world.devices) cut(world, device)
      return true
    },
  },
  {
    name: 'network silent',
    weight: 2,
    strike(world) {
      const { conditions } = anyDevice(world)
      conditions.state = 'silent'
      later(world, LONGEST, () => {
        conditions.state = 'up'
      })
      return true
    },
  },
  {
    name: 'socket half open',
    weight: 2,
    strike(world) {
      const sockets = [...(anyTab(world)?.way.open ?? [])].filter(({ joined }) => joined)
      for (const socket of sockets) {
        socket.halfOpen = true
        world.server.sockets.delete(socket)
        // What finds it in the end is the heartbeat of the websocket's own client.
        later(world, 50_000, () => socket.drop('no heartbeat'))
      }
      return sockets.length > 0
    },
  },
  {
    name: 'no websockets',
    weight: 1,
    strike(world) {
      const { conditions, profiles } = anyDevice(world)
      conditions.websockets = false
      for (const { tabs } of profiles) for (const { way } of tabs) way.drop('the proxy closed it')
      later(world, LONGEST, () => {
        conditions.websockets = true
      })
      return true
    },
  },
]
