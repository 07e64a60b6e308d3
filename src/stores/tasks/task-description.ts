import { onCleanup } from 'solid-js'
import * as Y from 'yjs'
import { tasks } from '../../domain/collections/tasks.ts'
import type { TextChange } from '../../domain/tasks/text-change.ts'
import { encodeCaret, placeOfCaret } from './caret.ts'
import { entitiesOf, entityMap, richTextOf } from '../../sync/collection-map.ts'
import type { DocumentHandle } from '../../sync/sync-engine.ts'

/** A description as an editor needs it: what it says, how to change it, and what others do to it meanwhile. */
export interface TaskDescription {
  text(): string
  apply(change: TextChange): void
  /** The changes that did not come through `apply`, in order; each is relative to the text after the one before.
   *  `replaced`: another text stands here now, which may well say the same. */
  onChange(listener: (changes: readonly TextChange[] | 'replaced') => void): () => void
  /** Where a caret stands, in words that hold while others write. */
  caretAt(index: number): string | null
  /** Where another's caret stands now; null when that is nowhere in this text. */
  placeOf(caret: string): number | null
  /** Takes back this person's own typing, never another's. */
  undo(): boolean
  redo(): boolean
}

export function createTaskDescription(handle: DocumentHandle, id: string): TaskDescription {
  const listeners = new Set<(changes: readonly TextChange[] | 'replaced') => void>()
  let text: Y.Text | null = null
  let typing = false
  let manager: Y.UndoManager | null = null

  const tell = (changes: readonly TextChange[] | 'replaced') => {
    for (const listener of listeners) listener(changes)
  }
  const observer = (event: Y.YTextEvent) => {
    if (!typing) tell(changesOf(event.delta))
  }
  const bind = (next: Y.Text | null) => {
    if (next === text) return
    text?.unobserve(observer)
    manager?.destroy()
    manager = null
    text = next
    text?.observe(observer)
  }
  let entities = entitiesOf(handle.doc, tasks)
  /** The text under this id may become another one: a deleted task was restored, the document was read again. */
  const rebind = () => {
    const map = entityMap(handle.doc, tasks, id)
    const next = map && richTextOf<typeof tasks>(map, 'description')
    if (next === null || next === text) return
    bind(next)
    if (!typing) tell('replaced')
  }
  entities.observeDeep(rebind)
  const forget = handle.onReplaced((doc) => {
    entities.unobserveDeep(rebind)
    entities = entitiesOf(doc, tasks)
    entities.observeDeep(rebind)
    rebind()
  })
  rebind()
  onCleanup(() => {
    forget()
    entities.unobserveDeep(rebind)
    bind(null)
  })

  return {
    text: () => text?.toString() ?? '',
    apply(change) {
      typing = true
      try {
        handle.change({ collection: 'tasks', entity: id, fields: ['description'] }, (doc) => {
          const target = sharedText(doc, id)
          if (!target) return
          bind(target)
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
    caretAt: (index) => (text ? encodeCaret(text, index) : null),
    placeOf: (caret) => (text ? placeOfCaret(text, caret) : null),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    undo: () => (manager?.undo() ?? null) !== null,
    redo: () => (manager?.redo() ?? null) !== null,
  }
}

function sharedText(doc: Y.Doc, id: string): Y.Text | null {
  const task = entityMap(doc, tasks, id)
  if (!task) return null
  // A task that came as a row from elsewhere may have no text yet.
  if (!richTextOf<typeof tasks>(task, 'description')) task.set('description', new Y.Text())
  return richTextOf<typeof tasks>(task, 'description')
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
