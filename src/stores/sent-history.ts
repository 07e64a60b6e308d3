import { createEffect, createSignal, on, type Accessor } from 'solid-js'
import type { SyncState } from '../sync/sync-state.ts'
import { groupPending, type PendingGroup } from './pending-groups.ts'

export interface SentChange {
  readonly group: PendingGroup
  readonly at: number
}

const KEPT = 5

/** What left the list of unsent changes lately because the server has it; newest first. */
export function createSentHistory(
  sync: Accessor<SyncState>,
  now: () => number,
): { sent: Accessor<readonly SentChange[]>; forget: (key: string) => void } {
  const [sent, setSent] = createSignal<readonly SentChange[]>([])
  const dropped = new Set<string>()
  createEffect(
    on(
      () => groupPending(sync().pending),
      (groups, before = []) => {
        const waiting = new Set(groups.map((group) => group.key))
        const gone = before.filter((group) => !waiting.has(group.key) && !dropped.delete(group.key))
        if (gone.length > 0) {
          const at = now()
          setSent((list) => {
            const fresh = gone.map((group) => ({ group, at }))
            const keys = new Set(gone.map((group) => group.key))
            return [...fresh, ...list.filter((entry) => !keys.has(entry.group.key))].slice(0, KEPT)
          })
        }
        return groups
      },
    ),
  )
  return { sent, forget: (key) => void dropped.add(key) }
}
