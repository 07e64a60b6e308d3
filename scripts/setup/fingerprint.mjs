import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One hash over the contents of files and folders; what is missing counts as empty. */
export function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths) addPath(hash, path)
  return hash.digest('hex')
}

function addPath(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).sort()) addPath(hash, join(path, name))
    return
  }
  // A test file is no part of what is built.
  if (/\.test\.tsx?$/.test(path)) return
  hash.update(path).update('\0').update(readFileSync(path)).update('\0')
}
