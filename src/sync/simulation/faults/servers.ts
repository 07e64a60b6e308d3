/** The server restarts, comes back from an older backup, and compacts its log. */
import { holds } from '../edits.ts'
import { takeStock } from '../stock.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

// The backup that the next disaster goes back to.
const backups = new WeakMap<World, () => void>()

/** One that the log has: a restored server may lack some. */
function documentOf({ random, server }: World): string | undefined {
  return random.pick([...server.documents()].filter((id) => server.twin.updates(id).length > 0))
}

export const servers: readonly Fault[] = [
  {
    name: 'server restarts',
    weight: 2,
    strike(world) {
      world.server.restart()
      return true
    },
  },
  {
    name: 'server backed up',
    weight: 3,
    strike(world) {
      backups.set(world, world.server.backup())
      return true
    },
  },
  {
    name: 'server restored from a backup',
    weight: 2,
    strike(world) {
      const restore = backups.get(world)
      if (!restore) return false
      backups.delete(world)
      const before = world.edits.filter((edit) => holds(world.server.held(edit.doc), edit))
      restore()
      world.server.restart()
      for (const edit of before) if (!holds(world.server.held(edit.doc), edit)) edit.shaken = true
      takeStock(world, 'restore')
      return true
    },
  },
  {
    name: 'snapshot made',
    weight: 2,
    strike(world) {
      const id = documentOf(world)
      if (id) world.server.twin.snapshot(id)
      return id !== undefined
    },
  },
  {
    name: 'log trimmed behind its snapshot',
    weight: 2,
    strike(world) {
      const id = documentOf(world)
      if (id) world.server.twin.trim(id)
      return id !== undefined
    },
  },
]
