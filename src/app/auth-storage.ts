import type { TokenStore } from '../sync/browser/token-store.ts'

/** As much of localStorage as is needed. */
type OldPlace = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const NOBODY = ''

/**
 * Where auth-js keeps its session: in IndexedDB, because the service worker sends what is unsent under it after the
 * app was closed, and has no localStorage. What stands in localStorage was written there by an earlier version, or
 * while IndexedDB could not be used, and so is the newest: it is moved as soon as that works. A sign-out that
 * IndexedDB does not take is noted in localStorage, and holds.
 */
export function makeAuthStorage(tokens: TokenStore, old: OldPlace): TokenStore {
  return {
    async getItem(key) {
      const newest = old.getItem(key)
      if (newest === null) return await tokens.getItem(key)
      try {
        await (newest === NOBODY ? tokens.removeItem(key) : tokens.setItem(key, newest))
        // Unless it has changed while it was being moved.
        if (old.getItem(key) === newest) old.removeItem(key)
      } catch {
        // It stays where it is, and is read from there.
      }
      return newest === NOBODY ? null : newest
    },
    async setItem(key, value) {
      try {
        await tokens.setItem(key, value)
        old.removeItem(key)
      } catch {
        old.setItem(key, value)
      }
    },
    async removeItem(key) {
      try {
        old.setItem(key, NOBODY)
        await tokens.removeItem(key)
        old.removeItem(key)
      } catch {
        // The note stands until IndexedDB takes it.
      }
    },
    written: tokens.written,
  }
}
