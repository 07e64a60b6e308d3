import { crashes } from './crashes.ts'
import { disks } from './disks.ts'
import type { Fault } from './fault.ts'
import { messages } from './messages.ts'
import { pages } from './pages.ts'
import { partitions } from './partitions.ts'
import { people } from './people.ts'
import { servers } from './servers.ts'

export const faults: readonly Fault[] = [
  ...partitions,
  ...messages,
  ...crashes,
  ...pages,
  ...disks,
  ...servers,
  ...people,
]
