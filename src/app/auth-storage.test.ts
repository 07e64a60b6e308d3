import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeTokenStore, type TokenStore } from '../sync/browser/token-store.ts'
import { makeAuthStorage } from './auth-storage.ts'

const key = 'tideline.auth'
let old: Map<string, string>
let tokens: TokenStore
let works: boolean
let storage: TokenStore

beforeEach(() => {
  old = new Map()
  works = true
  tokens = makeTokenStore(new IDBFactory())
  const failing = <T>(call: () => Promise<T>) =>
    works ? call() : Promise.reject(new Error('the storage cannot be used now'))
  storage = makeAuthStorage(
    {
      getItem: (name) => failing(() => tokens.getItem(name)),
      setItem: (name, value) => failing(() => tokens.setItem(name, value)),
      removeItem: (name) => failing(() => tokens.removeItem(name)),
      written: tokens.written,
    },
    {
      getItem: (name) => old.get(name) ?? null,
      setItem: (name, value) => void old.set(name, value),
      removeItem: (name) => void old.delete(name),
    },
  )
})

describe('[K6] the session is where the worker can read it', () => {
  test('and not in localStorage', async () => {
    await storage.setItem(key, 'session')
    expect([await storage.getItem(key), await tokens.getItem(key), old.size]).toEqual([
      'session',
      'session',
      0,
    ])
    await storage.removeItem(key)
    expect([await storage.getItem(key), await tokens.getItem(key), old.size]).toEqual([null, null, 0])
  })

  test('after an earlier version: it is moved there, and the person stays signed in', async () => {
    old.set(key, 'from before')
    expect(await storage.getItem(key)).toBe('from before')
    expect([await tokens.getItem(key), old.size]).toEqual(['from before', 0])
  })

  test('while IndexedDB cannot be used it is in localStorage, and moves when it can', async () => {
    await storage.setItem(key, 'first')
    works = false
    await storage.setItem(key, 'second')
    expect(await storage.getItem(key)).toBe('second')
    works = true
    expect(await storage.getItem(key)).toBe('second')
    expect([await tokens.getItem(key), old.size]).toEqual(['second', 0])
  })

  test('storage that cannot be read now is no answer: it signs nobody out', async () => {
    await storage.setItem(key, 'session')
    works = false
    await expect(storage.getItem(key)).rejects.toThrow('cannot be used now')
    works = true
    expect(await storage.getItem(key)).toBe('session')
  })

  test('a sign-out that IndexedDB does not take holds all the same', async () => {
    await storage.setItem(key, 'session')
    works = false
    await storage.removeItem(key)
    expect(await storage.getItem(key)).toBeNull()
    works = true
    expect(await storage.getItem(key)).toBeNull()
    expect([await tokens.getItem(key), old.size]).toEqual([null, 0])
  })

  test('who signs in after such a sign-out is in', async () => {
    works = false
    await storage.removeItem(key)
    await storage.setItem(key, 'next')
    works = true
    expect(await storage.getItem(key)).toBe('next')
  })
})
