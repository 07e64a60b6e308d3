import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { commandLine, isAlive, waitForExit } from './processes.ts'

// After `kill -9` of the stack alone its PostgreSQL lives on. `postmaster.pid` names the process and
// its folder; it is ours only when the process's own command line names that folder too, since the
// file may be old and the id given to someone else.

export interface Postmaster {
  pid: number
  port: number
  ready: boolean
}

export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const content = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (content === undefined) return undefined
  const lines = content.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}

/** Stops a PostgreSQL that an earlier stack left behind on this folder. Says whether there was one. */
export async function stopOrphan(folder: string): Promise<boolean> {
  const postmaster = await readPostmaster(folder)
  if (!postmaster || !isAlive(postmaster.pid)) return false
  const command = commandLine(postmaster.pid) ?? ''
  const names = [folder, await realpath(folder).catch(() => folder)]
  if (!names.some((name) => command.includes(name))) return false
  process.kill(postmaster.pid, 'SIGINT')
  if (await waitForExit(postmaster.pid, 10_000)) return true
  process.kill(postmaster.pid, 'SIGQUIT')
  if (await waitForExit(postmaster.pid, 5_000)) return true
  throw new Error(
    `The PostgreSQL that an earlier start left behind (process ${postmaster.pid}) does not stop. End it, then start again.`,
  )
}
