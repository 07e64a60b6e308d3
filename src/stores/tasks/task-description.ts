import { onCleanup } from 'solid-js'
import * as Y from 'yjs'
import { tasks } from '../../domain/collections/tasks.ts'
import type { TextChange } from '../../domain/tasks/text-change.ts'
import { entityMap, richTextOf } from '../../sync/collection-map.ts'
import type { DocumentHandle } from '../../sync/sync-engine.ts'

/** A description as an editor needs it: what it says, how to change it, and what others do to it meanwhile. */
export interface TaskDescription {
  text(): string
  apply(change: TextChange): void
  /** The changes that did not come through `apply`, in order; each is relative to the text after the one before. */
  onChange(listener: (changes: readonly TextChange[]) => void): () => void
  /** Takes back this person's own typing, never another's. */
  undo(): boolean
  redo(): boolean
}

export function createTaskDescription(handle: DocumentHandle, id: string): TaskDescription {
  const listeners = new Set<(changes: readonly TextChange[]) => void>()
  const map = entityMap(handle.doc, tasks, id)
  let text = map && richTextOf<typeof tasks>(map, 'description')
  let typing = false
  let manager: Y.UndoManager | null = null

  const observer = (event: Y.YTextEvent) => {
    if (typing) return
    const changes = changesOf(event.delta)
    for (const listener of listeners) listener(changes)
  }

  const follow = (shared: Y.Text) => {
    text = shared
    shared.observe(observer)
  }
  if (text) follow(text)
  onCleanup(() => {
    text?.unobserve(observer)
    manager?.destroy()
  })

  const shared = (doc: Y.Doc): Y.Text | null => {
    const task = entityMap(doc, tasks, id)
    if (!task) return null
    const present = richTextOf<typeof tasks>(task, 'description')
    if (present) return present
    // A task that came as a row from elsewhere may have no text yet.
    task.set('description', new Y.Text())
    return richTextOf<typeof tasks>(task, 'description')
  }

  return {
    text: () => text?.toString() ?? '',
    apply(change) {
      typing = true
      try {
        handle.change({ collection: 'tasks', entity: id, fields: ['description'] }, (doc) => {
          const target = shared(doc)
          if (!target) return
          if (target !== text) follow(target)
          manager ??= new Y.UndoManager(target, {
            trackedOrigins: new Set([doc.transact((tr) => tr.origin)]),
          })
          if (change.remove > 0) target.delete(change.index, change.remove)
          if (change.insert !== '') target.insert(change.index, change.insert)
        })
      } finally {
        typing = false
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    undo: () => (manager?.undo() ?? null) !== null,
    redo: () => (manager?.redo() ?? null) !== null,
  }
}

function changesOf(delta: Y.YTextEvent['delta']): TextChange[] {
  const changes: TextChange[] = []
  let index = 0
  for (const part of delta) {
    if (part.retain !== undefined) index += part.retain
    if (part.delete !== undefined) changes.push({ index, remove: part.delete, insert: '' })
    if (typeof part.insert === 'string') {
      changes.push({ index, remove: 0, insert: part.insert })
      index += part.insert.length
    }
  }
  return changes
}
