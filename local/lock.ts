import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, startMark } from './processes.ts'

// One stack per data folder. `<data>/lock` names the process and when it started; a lock whose
// process is gone, or whose id now belongs to another process, is stale and taken over. The file
// appears by `link`, so it is never seen half written.

interface Holder {
  pid: number
  started: string
}

export class FolderInUse extends Error {
  override name = 'FolderInUse'
  constructor(folder: string, pid: number) {
    super(`${folder} is in use by the process ${pid}. Stop it, or start with another folder: --data DIR`)
  }
}

export interface Lock {
  release(): Promise<void>
}

export async function takeLock(folder: string): Promise<Lock> {
  const file = join(folder, 'lock')
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  const mine = JSON.stringify({ pid: process.pid, started: startMark(process.pid) ?? '' } satisfies Holder)
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        await link(draft, file)
        return { release: () => rm(file, { force: true }) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const found = await readFile(file, 'utf8').catch(() => '')
      const pid = livingHolder(found)
      if (pid !== undefined) throw new FolderInUse(folder, pid)
      await discard(file, found)
    }
  } finally {
    await rm(draft, { force: true })
  }
  throw new Error(`${file} could not be taken: another start keeps writing it. Try again.`)
}

/** Takes the stale lock away, and puts back what another start laid there in the meantime. */
async function discard(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomBytes(4).toString('hex')}`
  try {
    await rename(file, aside)
  } catch {
    return
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

function livingHolder(content: string): number | undefined {
  try {
    const holder = JSON.parse(content) as Holder
    if (typeof holder.pid !== 'number' || !isAlive(holder.pid)) return undefined
    return !holder.started || startMark(holder.pid) === holder.started ? holder.pid : undefined
  } catch {
    return undefined
  }
}
