import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { takeLock } from './lock.ts'
import { stopOrphan } from './postgres-orphan.ts'

/** Empties a data folder of ours. A folder that is in use, or that is something else, stays as it is. */
export async function resetDataFolder(path: string): Promise<void> {
  const folder = resolve(path)
  if (!existsSync(folder) || readdirSync(folder).length === 0) return
  if (!existsSync(join(folder, 'keys.json'))) {
    throw new Error(
      `${folder} does not look like a data folder of Tideline (no keys.json). Nothing was removed.`,
    )
  }
  const lock = await takeLock(folder)
  try {
    await stopOrphan(join(folder, 'postgres'))
    for (const name of readdirSync(folder)) {
      if (name !== 'lock') await rm(join(folder, name), { recursive: true, force: true })
    }
  } finally {
    await lock.release()
  }
}
