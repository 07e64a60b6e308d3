import { crashes } from './crashes.ts'
import { disks } from './disks.ts'
import type { Fault } from './fault.ts'
import { lies } from './lies.ts'
import { messages } from './messages.ts'
import { pages } from './pages.ts'
import { partitions } from './partitions.ts'
import { people } from './people.ts'
import { servers } from './servers.ts'
import { workers } from './workers.ts'

export const faults: readonly Fault[] = [
  ...partitions,
  ...messages,
  ...crashes,
  ...pages,
  ...disks,
  ...servers,
  ...people,
  ...lies,
  ...workers,
]
