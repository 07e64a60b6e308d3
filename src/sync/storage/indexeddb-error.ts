import { StorageError } from '../ports.ts'

export function storageError(error: unknown, name: string): StorageError {
  if (error instanceof StorageError) return error
  const full = error instanceof Error && error.name === 'QuotaExceededError'
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return full
    ? new StorageError('full', `There is no room left for ${name} (${reason}). Free space on this device.`)
    : new StorageError(
        'unavailable',
        `The local copy ${name} cannot be used now (${reason}). It is tried again.`,
      )
}
