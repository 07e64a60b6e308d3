/** Where a transaction of a document comes from. Anything not named here is an edit of this person in this tab. */
export const LOCAL = 'local'
export const FROM_LOG = 'log'
export const FROM_STORAGE = 'storage'
export const FROM_SIBLING = 'sibling'

const foreign = new Set<unknown>([FROM_LOG, FROM_STORAGE, FROM_SIBLING])

export function isOwnEdit(origin: unknown): boolean {
  return !foreign.has(origin)
}
