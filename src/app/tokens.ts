import { makeTokenStore } from '../sync/browser/token-store.ts'
import { makeAuthStorage } from './auth-storage.ts'

/** This device's. */
export const authStorage = makeAuthStorage(makeTokenStore(indexedDB), localStorage)
