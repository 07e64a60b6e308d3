import type { Revision } from './ports.ts'

const MOST = 2_000

/** What was settled lately: a word about it that was on its way then does not bring it back. */
export interface SettledChanges {
  add(change: Revision): void
  has(change: Revision): boolean
}

export function makeSettledChanges(): SettledChanges {
  const settled = new Map<string, number>()
  return {
    add({ id, rev }) {
      settled.set(id, Math.max(rev, settled.get(id) ?? 0))
      const [oldest] = settled.keys()
      if (settled.size > MOST && oldest !== undefined) settled.delete(oldest)
    },
    has: ({ id, rev }) => rev <= (settled.get(id) ?? -1),
  }
}
