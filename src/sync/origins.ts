/** Where a transaction of a document comes from. Anything not named here is an edit of this person in this tab. */
export const LOCAL = 'local'
export const FROM_LOG = 'log'
export const FROM_STORAGE = 'storage'
export const FROM_SIBLING = 'sibling'
/** Told directly by another device, and not yet in the log. */
export const FROM_HINT = 'hint'

const foreign = new Set<unknown>([FROM_LOG, FROM_STORAGE, FROM_SIBLING, FROM_HINT])

export function isOwnEdit(origin: unknown): boolean {
  return !foreign.has(origin)
}
