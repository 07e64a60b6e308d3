import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

// Everything a running stack keeps: `keys.json` (secrets), `postgres/`, `storage/`, `env`, `lock`.
// The folder itself may be entered by others (as root, PostgreSQL runs as another user), so every
// secret in it is a file of mode 600.

export const publishableKey = 'sb_publishable_tideline_local'

interface Keys {
  secretKey: string
  jwtSecret: string
  databasePassword: string
}

export interface DataFolder {
  path: string
  keys: Keys
  postgres: string
  storage: string
  env: string
}

export async function openDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path)
  await mkdir(folder, { recursive: true })
  if (process.getuid?.() === 0) await chmod(folder, 0o711)
  const storage = join(folder, 'storage')
  await mkdir(storage, { recursive: true, mode: 0o700 })
  return {
    path: folder,
    keys: await readOrMakeKeys(join(folder, 'keys.json')),
    postgres: join(folder, 'postgres'),
    storage,
    env: join(folder, 'env'),
  }
}

async function readOrMakeKeys(file: string): Promise<Keys> {
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) {
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600)
    return JSON.parse(known) as Keys
  }
  const keys: Keys = {
    secretKey: `sb_secret_${randomBytes(24).toString('base64url')}`,
    jwtSecret: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(24).toString('base64url'),
  }
  await writePrivateFile(file, `${JSON.stringify(keys, null, 2)}\n`)
  return keys
}

/** Whole or not at all, readable by the owner alone, on the disk when it returns. */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.new`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
}
