/** A value that changes, without a framework. Listeners hear of changes only; `get` gives what is now. */
export interface Observable<T> {
  get(): T
  subscribe(listener: (value: T) => void): () => void
}

export interface Subject<T> extends Observable<T> {
  set(value: T): void
}

export function makeSubject<T>(initial: T): Subject<T> {
  let current = initial
  const listeners = new Set<(value: T) => void>()
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of listeners) listener(value)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
