/** Where the session's tokens are stored: in IndexedDB, which tabs and the service worker both read. */
import { makeIndex } from '../storage/indexeddb-index.ts'

/** As auth-js asks for a storage. Rejects when the storage cannot be used now. */
export interface TokenStore {
  getItem(key: string): Promise<string | null>
  setItem(key: string, value: string): Promise<void>
  removeItem(key: string): Promise<void>
  /** Resolves when something is written here, or after so many milliseconds. */
  written(within: number): Promise<void>
}

/** Beside others that write to it at any moment. */
export interface SharedTokenStore extends TokenStore {
  /** While what stands there is still that: in one transaction, so that what somebody removes does not come back. */
  replace(key: string, isStill: (text: string | null) => boolean, value: string): Promise<boolean>
}

export function makeTokenStore(indexedDB: IDBFactory): SharedTokenStore {
  const transact = makeIndex(indexedDB, 'tideline.auth', 'tokens')
  const waiting = new Set<() => void>()
  const done = () => {
    for (const resolve of waiting) resolve()
  }
  return {
    getItem: (key) =>
      transact('readonly', (tokens) => {
        const request = tokens.get(key) as IDBRequest<string | undefined>
        return () => request.result ?? null
      }),
    setItem: (key, value) =>
      transact('readwrite', (tokens) => {
        tokens.put(value, key)
        return done
      }),
    replace: (key, isStill, value) =>
      transact('read, then write', (tokens) => {
        const request = tokens.get(key) as IDBRequest<string | undefined>
        let replaced = false
        request.addEventListener('success', () => {
          replaced = isStill(request.result ?? null)
          if (replaced) tokens.put(value, key)
          request.transaction?.commit()
        })
        return () => {
          if (replaced) done()
          return replaced
        }
      }),
    removeItem: (key) =>
      transact('readwrite', (tokens) => {
        tokens.delete(key)
        return done
      }),
    written: (within) =>
      new Promise((resolve) => {
        const end = () => {
          waiting.delete(end)
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(end, within)
        waiting.add(end)
      }),
  }
}
