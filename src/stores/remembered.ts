import { createSignal, type Accessor, type Signal } from 'solid-js'

/**
 * Small choices of this device (theme, language, widths, recent commands): read once, kept for the next start.
 * Not for anything that people write: that belongs in documents.
 */
export interface KeyValueStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const inMemory = new Map<string, string>()
let store: KeyValueStore = {
  getItem: (key) => inMemory.get(key) ?? null,
  setItem: (key, value) => void inMemory.set(key, value),
  removeItem: (key) => void inMemory.delete(key),
}

const PREFIX = 'tideline.'

export function storageKey(key: string): string {
  return PREFIX + key
}

/** Called once by the composition root, before anything is remembered. */
export function rememberIn(persistent: KeyValueStore): void {
  store = persistent
}

/**
 * A value that fails `isValid` (an older version's, or edited by hand) counts as absent. Read when first asked for, so
 * that a module may declare it before the composition root has said where things are remembered.
 */
export function createRemembered<T>(
  key: string,
  fallback: T,
  isValid: (value: unknown) => value is T,
): [Accessor<T>, (value: T) => void] {
  let signal: Signal<T> | undefined
  const held = () => (signal ??= createSignal<T>(recall(key, isValid) ?? fallback))
  return [
    () => held()[0](),
    (next) => {
      held()[1](() => next)
      remember(key, next)
    },
  ]
}

export function recall<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
  try {
    const text = store.getItem(storageKey(key))
    if (text === null) return undefined
    const value: unknown = JSON.parse(text)
    return isValid(value) ? value : undefined
  } catch {
    return undefined // storage forbidden or text broken: the fallback stands
  }
}

export function remember(key: string, value: unknown): void {
  try {
    store.setItem(storageKey(key), JSON.stringify(value))
  } catch {
    // Storage full or forbidden: the choice lives until the page is closed.
  }
}

export function forget(key: string): void {
  try {
    store.removeItem(storageKey(key))
  } catch {
    // Nothing was remembered, so there is nothing to forget.
  }
}
