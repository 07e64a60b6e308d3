/** A workspace with a board, the twin of its server, and devices on one virtual clock. */
import { tasks } from '../../domain/collections/tasks.ts'
import { boardDocument } from '../../domain/document-ids.ts'
import type { Patch } from '../collection-map.ts'
import { createEntity, entitiesOf, entityMap, removeEntity, writeFields } from '../collection-map.ts'
import type { DocumentHandle } from '../sync-engine.ts'
import { makeDevice, type Device, type DeviceOptions } from './device.ts'
import { makeLogTwin, type LogTwin, type Role } from './log-twin.ts'
import { makeSeededRandom } from './seeded-random.ts'
import { makeVirtualClock, type VirtualClock } from './virtual-clock.ts'

export const workspace = '0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
export const board = boardDocument(workspace, 'main')

export interface Scene {
  readonly clock: VirtualClock
  readonly twin: LogTwin
  device(
    person: string,
    options?: { role?: Role; workspace?: string } & Pick<DeviceOptions, 'besides' | 'alone' | 'loadLeading'>,
  ): Device
}

export function makeScene(seed = 1): Scene {
  const clock = makeVirtualClock()
  const twin = makeLogTwin(makeSeededRandom(seed), clock)
  let made = 0
  return {
    clock,
    twin,
    device(person, { role = 'agent', workspace: at = workspace, ...given } = {}) {
      twin.join(at, person, role)
      const seedOfDevice = seed * 1_000 + made++
      return makeDevice({ ...given, clock, twin, person, workspace: at, seed: seedOfDevice })
    },
  }
}

export function addTask(handle: DocumentHandle, id: string, values: Patch<typeof tasks>): void {
  handle.change({ collection: 'tasks', entity: id, fields: Object.keys(values) }, (doc) => {
    createEntity(doc, tasks, id, values)
  })
}

export function setTask(handle: DocumentHandle, id: string, values: Patch<typeof tasks>): void {
  handle.change({ collection: 'tasks', entity: id, fields: Object.keys(values) }, (doc) => {
    const map = entityMap(doc, tasks, id)
    if (map) writeFields(tasks, map, values)
  })
}

export function removeTask(handle: DocumentHandle, id: string): void {
  handle.change({ collection: 'tasks', entity: id, fields: [] }, (doc) => removeEntity(doc, tasks, id))
}

/** The board as plain values, for comparing replicas. */
export function shown(handle: DocumentHandle): Record<string, unknown> {
  return entitiesOf(handle.doc, tasks).toJSON()
}

export const one = '01ARYZ6S41TSV4RRFFQ69G5FA1'
export const two = '01ARYZ6S41TSV4RRFFQ69G5FA2'

/** Ids of tasks by number, in their order. */
export const numbered = (n: number): string => `01ARYZ6S41TSV4RRFFQ69G5${String(n).padStart(3, '0')}`

export async function twoDevices(): Promise<
  Scene & { a: Device; b: Device; onA: DocumentHandle; onB: DocumentHandle }
> {
  const scene = makeScene()
  const a = scene.device('ana')
  const b = scene.device('bruno')
  const onA = a.engine.open(board)
  const onB = b.engine.open(board)
  await scene.clock.settle()
  return { ...scene, a, b, onA, onB }
}
