import { StorageError } from './storage-error.ts'

// The characters that Supabase Storage allows, so that what is stored here can move there.
const allowed = /^[\w/!\-.*'() &$@=;:+,?]+$/

export function checkObjectName(name: string): string {
  const parts = name.split('/')
  if (
    !allowed.test(name) ||
    name.length > 1024 ||
    parts.some((part) => part === '' || part === '.' || part === '..')
  ) {
    throw new StorageError(
      400,
      'InvalidKey',
      'Invalid key: a name is made of folders and letters that a URL can carry',
    )
  }
  return name
}

export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new StorageError(400, 'InvalidKey', 'Invalid key: the address is not well encoded')
  }
}
