import { AsyncLocalStorage } from 'node:async_hooks'
import { errorCode, type Log } from '../log.ts'

// lite prints a failing statement to the console with its parameters, which are what people wrote.
// Inside a request of lite the console leads here, where only the kind of the error is kept.

const inside = new AsyncLocalStorage<Log>()
let fenced = false

export function quietly<T>(log: Log, work: () => Promise<T>): Promise<T> {
  if (!fenced) {
    fenced = true
    fence('error')
    fence('warn')
  }
  return inside.run(log, work)
}

// Kinds that a request may provoke at will, and that say nothing about the stack's health.
const expected = /^(PT|22|23|42|P0|PGRST|RelationNotFoundError)/

function fence(method: 'error' | 'warn'): void {
  // oxlint-disable-next-line no-console -- the console is what is fenced here
  const original = console[method].bind(console)
  // oxlint-disable-next-line no-console -- the console is what is fenced here
  console[method] = (...parts: unknown[]) => {
    const log = inside.getStore()
    if (!log) return original(...parts)
    const code = errorCode(parts.find((part) => part instanceof Error) ?? parts[0])
    if (!expected.test(code)) log.warn(`Data API: ${code}`)
  }
}
