import type { PendingChange } from '../sync/sync-state.ts'

/** Everything unsent of one thing, as a person counts it: typing a title is one change, not thirty. */
export interface PendingGroup {
  readonly key: string
  readonly doc: string
  readonly collection: string
  readonly entity: string
  readonly fields: readonly string[]
  /** Of the oldest change in it. */
  readonly at: number
  readonly state: PendingChange['state']
  readonly refusal: PendingChange['refusal']
  /** The file among them, when there is one. */
  readonly file: PendingChange['file']
  /** Nothing of it goes before the person wishes otherwise. */
  readonly held: PendingChange['held']
  readonly changes: readonly PendingChange[]
}

/** The group shows its most serious state. */
const weight = { refused: 3, memory: 2, sending: 1, device: 0 } as const

/** Oldest first, as the changes come. */
export function groupPending(pending: readonly PendingChange[]): PendingGroup[] {
  const groups = new Map<string, PendingChange[]>()
  for (const change of pending) {
    const key = `${change.doc} ${change.collection} ${change.entity}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [change])
    else group.push(change)
  }
  return [...groups].map(([key, changes]) => {
    const first = changes[0] as PendingChange // a group is made with its first change
    const worst = changes.reduce((a, b) => (weight[b.state] > weight[a.state] ? b : a))
    return {
      key,
      doc: first.doc,
      collection: first.collection,
      entity: first.entity,
      fields: [...new Set(changes.flatMap((change) => change.fields))],
      at: first.at,
      state: worst.state,
      refusal: changes.find((change) => change.refusal !== undefined)?.refusal,
      file: changes.find((change) => change.file !== undefined)?.file,
      held: changes.every((change) => change.held !== undefined) ? first.held : undefined,
      changes,
    }
  })
}
