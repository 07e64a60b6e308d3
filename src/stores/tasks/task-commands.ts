import { type Accessor, batch, createSignal } from 'solid-js'
import { attachments } from '../../domain/collections/attachments.ts'
import { labels as labelCollection } from '../../domain/collections/labels.ts'
import { type Task, type TaskStatus, tasks } from '../../domain/collections/tasks.ts'
import { type RandomBytes, newId } from '../../domain/ids.ts'
import { type Due, dueFields } from '../../domain/tasks/due.ts'
import type { QuickAdd } from '../../domain/tasks/quick-add.ts'
import { byOrder, placeAt } from '../../domain/tasks/place.ts'
import { createEntity, entityMap, readEntity } from '../../sync/collection-map.ts'
import type { ChangeSubject, DocumentHandle } from '../../sync/sync-engine.ts'
import type { CollectionStore } from '../collection-store.ts'
import { type TaskDeed, type TaskHistory, createTaskHistory } from './task-history.ts'
import { type AttachmentFields, type TaskFields, type TaskStep, applyStep, fieldsOf } from './task-steps.ts'

/** Where in a column a task goes; beside another task, so that it holds in a filtered view too. */
export type TaskPlace = 'start' | 'end' | { readonly after: string } | { readonly before: string }

/** A quick-add line, understood; without a status it goes to the backlog. */
type TaskDraft = Pick<QuickAdd, 'title' | 'labels' | 'assignee' | 'priority' | 'due'> & {
  readonly status?: TaskStatus
}

export interface TaskCommands extends Pick<TaskHistory, 'canUndo' | 'canRedo' | 'undo' | 'redo'> {
  add(draft: TaskDraft): string
  set(ids: readonly string[], fields: Pick<TaskFields, 'title' | 'assignee' | 'priority'>): TaskDeed | null
  setDue(ids: readonly string[], due: Due | null): TaskDeed | null
  setLabel(ids: readonly string[], label: string, on: boolean): TaskDeed | null
  /** Moves tasks to a column, or to another place in theirs. */
  move(ids: readonly string[], status: TaskStatus, place: TaskPlace): TaskDeed | null
  /** Into the trash. */
  remove(ids: readonly string[]): TaskDeed | null
  /** Out of the trash. */
  restore(ids: readonly string[]): TaskDeed | null
  addLabel(name: string): string
  /** Names a file whose bytes are kept, under a new id. */
  attach(id: string, fields: AttachmentFields): TaskDeed | null
  /** Files into the trash, or out of it. */
  setRemoved(ids: readonly string[], removed: boolean): TaskDeed | null
  /** How many times something was done, undone or redone here: what a person does shows at once, even on a board that
   *  stands still for others. */
  readonly acted: Accessor<number>
}

export interface TaskCommandsContext {
  readonly board: DocumentHandle
  readonly directory: DocumentHandle
  readonly tasks: CollectionStore<typeof tasks>
  readonly labels: CollectionStore<typeof labelCollection>
  readonly person: string
  readonly now: () => number
  readonly randomBytes: RandomBytes
  readonly random: () => number
  changesByOthers(id: string): number
}

const PIGMENTS = ['deep', 'coral', 'kelp', 'urchin', 'sun', 'shell'] as const

export function makeTaskCommands(context: TaskCommandsContext): TaskCommands {
  const { board, directory, labels } = context
  const task = (id: string): Task | undefined => context.tasks.byId[id]

  const [acted, setActed] = createSignal(0)
  const run = (steps: readonly TaskStep[]): TaskStep[] =>
    batch(() => {
      setActed((count) => count + 1)
      return changeAll(board, subjectsOf(steps), (doc) => {
        const inverse: TaskStep[] = []
        for (const step of steps) {
          const undo = applyStep(step, { doc, now: context.now, changesByOthers: context.changesByOthers })
          if (undo) inverse.unshift(undo)
        }
        return inverse
      })
    })

  const history = createTaskHistory(run)

  const act = (
    kind: TaskDeed['kind'],
    ids: readonly string[],
    steps: readonly TaskStep[],
    title = task(ids[0] ?? '')?.title ?? '',
  ): TaskDeed | null => {
    if (steps.length === 0) return null
    const deed = { kind, ids, title, fields: [...new Set(steps.flatMap(fieldsOf))] }
    const inverse = run(steps)
    history.note(deed, inverse)
    return inverse.length > 0 ? deed : null
  }

  const siblingsIn = (status: TaskStatus, without: readonly string[]): Task[] =>
    context.tasks
      .ids()
      .flatMap((id) => task(id) ?? [])
      .filter((sibling) => sibling.status === status && !without.includes(sibling.id))
      .toSorted(byOrder)

  const present = (ids: readonly string[]): string[] => ids.filter((id) => context.tasks.has(id))

  const write = (kind: TaskDeed['kind'], ids: readonly string[], fields: TaskFields): TaskDeed | null => {
    const changed = present(ids).filter((id) => differs(task(id), fields))
    return act(
      kind,
      changed,
      changed.map((id) => ({ kind: 'write', id, fields })),
    )
  }

  const addLabel = (name: string): string => {
    const id = newId(context.now(), context.randomBytes)
    const pigment = PIGMENTS[labels.ids().length % PIGMENTS.length] ?? 'deep'
    directory.change({ collection: 'labels', entity: id, fields: ['name'] }, (doc) =>
      createEntity(doc, labelCollection, id, { name, pigment }),
    )
    return id
  }

  return {
    acted,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    undo: history.undo,
    redo: history.redo,
    addLabel,
    attach(id, fields) {
      const made = { ...fields, created_at: context.now(), created_by: context.person }
      return act('attach', [id], [{ kind: 'file', id, fields: made }], fields.name)
    },
    setRemoved(ids, removed) {
      const fields = { deleted_at: removed ? context.now() : null }
      const map = entityMap(board.doc, attachments, ids[0] ?? '')
      return act(
        removed ? 'detach' : 'reattach',
        ids,
        ids.map((id) => ({ kind: 'file', id, fields })),
        map ? readEntity(attachments, ids[0] ?? '', map).name : '',
      )
    },
    add(draft) {
      const id = newId(context.now(), context.randomBytes)
      const status = draft.status ?? 'backlog'
      const placed = placeAt(siblingsIn(status, []), 0, [id], context.random)
      const fields: TaskFields = {
        title: draft.title.slice(0, 500),
        status,
        assignee: draft.assignee,
        priority: draft.priority,
        ...dueFields(draft.due),
        order: placed.find((item) => item.id === id)?.order ?? '',
        created_at: context.now(),
        created_by: context.person,
      }
      act(
        'add',
        [id],
        [
          {
            kind: 'create',
            id,
            fields,
            labels: draft.labels.map((label) => label.id ?? addLabel(label.name)),
          },
          ...orderSteps(placed.filter((item) => item.id !== id)),
        ],
        draft.title,
      )
      return id
    },
    set: (ids, fields) => write('set', ids, fields),
    setDue: (ids, due) => write('set', ids, dueFields(due)),
    setLabel(ids, label, on) {
      const changed = present(ids).filter((id) => task(id)?.labels.includes(label) !== on)
      return act(
        'set',
        changed,
        changed.map((id) => ({ kind: 'labels', id, add: on ? [label] : [], remove: on ? [] : [label] })),
      )
    },
    move(ids, status, place) {
      const moving = present(ids).toSorted((one, other) =>
        byOrder({ id: one, order: task(one)?.order ?? '' }, { id: other, order: task(other)?.order ?? '' }),
      )
      const siblings = siblingsIn(status, moving)
      const index = indexOf(place, siblings)
      if (staysInPlace(moving, status, index, siblingsIn(status, []), task)) return null
      const placed = placeAt(siblings, index, moving, context.random)
      return act('move', moving, [
        ...moving
          .filter((id) => task(id)?.status !== status)
          .map((id) => ({ kind: 'write' as const, id, fields: { status } })),
        ...orderSteps(placed),
      ])
    },
    remove(ids) {
      const removed = present(ids)
      return act(
        'remove',
        removed,
        removed.map((id) => ({ kind: 'write', id, fields: { deleted_at: context.now() } })),
      )
    },
    restore(ids) {
      const restored = ids.filter((id) => task(id)?.deleted_at)
      return act(
        'restore',
        restored,
        restored.map((id) => ({ kind: 'write', id, fields: { deleted_at: null } })),
      )
    },
  }
}

function subjectsOf(steps: readonly TaskStep[]): ChangeSubject[] {
  const subjects = new Map<string, { collection: string; fields: Set<string> }>()
  for (const step of steps) {
    const collection = step.kind === 'file' ? attachments.name : tasks.name
    const subject = subjects.get(step.id) ?? { collection, fields: new Set() }
    for (const field of fieldsOf(step)) subject.fields.add(field)
    subjects.set(step.id, subject)
  }
  return [...subjects].map(([entity, { collection, fields }]) => ({
    collection,
    entity,
    fields: [...fields],
  }))
}

/** One transaction noted with several subjects. */
function changeAll<T>(
  handle: DocumentHandle,
  subjects: readonly ChangeSubject[],
  edit: (doc: DocumentHandle['doc']) => T,
): T {
  const [subject, ...rest] = subjects
  if (!subject) return edit(handle.doc)
  return handle.change(subject, (doc) => (rest.length > 0 ? changeAll(handle, rest, edit) : edit(doc)))
}

function orderSteps(placed: readonly { id: string; order: string }[]): TaskStep[] {
  return placed.map(({ id, order }) => ({ kind: 'write', id, fields: { order } }))
}

function differs(task: Task | undefined, fields: TaskFields): boolean {
  return Object.entries(fields).some(([name, value]) => task?.[name as keyof TaskFields] !== value)
}

function indexOf(place: TaskPlace, siblings: readonly Task[]): number {
  if (place === 'start') return 0
  if (place === 'end') return siblings.length
  const beside = 'after' in place ? place.after : place.before
  const index = siblings.findIndex((sibling) => sibling.id === beside)
  if (index < 0) return siblings.length
  return 'after' in place ? index + 1 : index
}

function staysInPlace(
  moving: readonly string[],
  status: TaskStatus,
  index: number,
  column: readonly Task[],
  task: (id: string) => Task | undefined,
): boolean {
  if (moving.length === 0) return true
  if (moving.some((id) => task(id)?.status !== status)) return false
  const without = column.filter((item) => !moving.includes(item.id)).map((item) => item.id)
  without.splice(index, 0, ...moving)
  return without.every((id, position) => column[position]?.id === id)
}
