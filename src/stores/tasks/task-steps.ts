// A command is a list of steps. Applying a step gives back the step that undoes it, or null when there is nothing
// to do. Undoing never takes back what somebody else did: a field that has been written since is left as it is, and
// a task that somebody else has worked on since is not removed again. Removing is a field too (the trash), so a task
// comes back with everything that others did to it meanwhile.

import type * as Y from 'yjs'
import type { Values } from '../../domain/collection.ts'
import { attachments } from '../../domain/collections/attachments.ts'
import { tasks } from '../../domain/collections/tasks.ts'
import {
  type EntityMap,
  createEntity,
  entityMap,
  readEntity,
  writeFields,
} from '../../sync/collection-map.ts'

export type TaskFields = Partial<Omit<Values<typeof tasks>, 'labels'>>

export type AttachmentFields = Partial<Values<typeof attachments>>

export type TaskStep =
  /** a file of a task: named, put into the trash, or taken out of it; `expect` as below */
  | {
      readonly kind: 'file'
      readonly id: string
      readonly fields: AttachmentFields
      readonly expect?: number | null
    }
  /** `expect`: written only where the field still holds this value */
  | { readonly kind: 'write'; readonly id: string; readonly fields: TaskFields; readonly expect?: TaskFields }
  | {
      readonly kind: 'labels'
      readonly id: string
      readonly add: readonly string[]
      readonly remove: readonly string[]
    }
  | {
      readonly kind: 'create'
      readonly id: string
      readonly fields: TaskFields
      readonly labels: readonly string[]
    }
  /** undoes `create`, only if nobody else has changed the task after this count of their changes */
  | {
      readonly kind: 'uncreate'
      readonly id: string
      readonly untouchedSince: number
    }

export interface StepContext {
  readonly doc: Y.Doc
  /** how many changes of others this task has seen */
  changesByOthers(id: string): number
  now(): number
}

export function applyStep(step: TaskStep, context: StepContext): TaskStep | null {
  const { doc } = context
  if (step.kind === 'file') return writeFile(step, context)
  const map = entityMap(doc, tasks, step.id)
  switch (step.kind) {
    case 'write':
      return map && write(step, map)
    case 'labels':
      return map && writeLabels(step, map)
    case 'create': {
      if (map) return null
      createEntity(doc, tasks, step.id, { ...step.fields, labels: step.labels })
      return { kind: 'uncreate', id: step.id, untouchedSince: context.changesByOthers(step.id) }
    }
    case 'uncreate':
      if (!map || step.untouchedSince !== context.changesByOthers(step.id)) return null
      return write({ kind: 'write', id: step.id, fields: { deleted_at: context.now() } }, map)
  }
}

/** The fields that a step touches, for the list of unsent changes. */
export function fieldsOf(step: TaskStep): string[] {
  if (step.kind === 'write' || step.kind === 'file') return Object.keys(step.fields)
  if (step.kind === 'uncreate') return ['deleted_at']
  return step.kind === 'labels' ? ['labels'] : []
}

function write(step: Extract<TaskStep, { kind: 'write' }>, map: EntityMap): TaskStep | null {
  const now = readEntity(tasks, step.id, map)
  const before: Record<string, unknown> = {}
  const written: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(step.fields)) {
    const field = name as keyof TaskFields // the keys of TaskFields are fields of the collection
    if (now[field] === value || (step.expect && now[field] !== step.expect[field])) continue
    before[name] = now[field]
    written[name] = value
  }
  if (Object.keys(written).length === 0) return null
  writeFields(tasks, map, written as TaskFields)
  return { kind: 'write', id: step.id, fields: before as TaskFields, expect: written as TaskFields }
}

/** A file that is named is never unnamed: undoing puts it into the trash. */
function writeFile(step: Extract<TaskStep, { kind: 'file' }>, { doc, now }: StepContext): TaskStep | null {
  const { id, fields, expect } = step
  const map = entityMap(doc, attachments, id)
  if (!map) {
    createEntity(doc, attachments, id, fields)
    return { kind: 'file', id, fields: { deleted_at: now() }, expect: null }
  }
  const { deleted_at: before } = readEntity(attachments, id, map)
  const { deleted_at: after = null } = fields
  if (before === after || (expect !== undefined && before !== expect)) return null
  writeFields(attachments, map, { deleted_at: after })
  return { kind: 'file', id, fields: { deleted_at: before }, expect: after }
}

function writeLabels(step: Extract<TaskStep, { kind: 'labels' }>, map: EntityMap): TaskStep | null {
  const now = readEntity(tasks, step.id, map).labels
  const add = step.add.filter((label) => !now.includes(label))
  const remove = step.remove.filter((label) => now.includes(label))
  if (add.length + remove.length === 0) return null
  writeFields(tasks, map, { labels: [...now.filter((label) => !remove.includes(label)), ...add] })
  return { kind: 'labels', id: step.id, add: remove, remove: add }
}
