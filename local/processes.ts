import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

// A process id alone proves nothing: the system gives it again. What tells a process from a later
// one with the same id is when it started.

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  // In a container nobody may collect what has ended: it keeps its id, and is not alive.
  return statFields(pid)?.[0] !== 'Z'
}

/** /proc/PID/stat from its third field on, counted after the name, which may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** A text that is the same for one process all its life, and another for a later one with its id. */
export function startMark(pid: number): string | undefined {
  const ticks = statFields(pid)?.[19]
  if (ticks === undefined) return fromPs(pid, 'lstart=')
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${ticks}`
}

export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return fromPs(pid, 'command=')
  }
}

function fromPs(pid: number, field: string): string | undefined {
  try {
    // The time of a start is written in the language and zone of whoever asks.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    return execFileSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8', env }).trim() || undefined
  } catch {
    return undefined
  }
}

/** True when the process was gone before the time was over. */
export async function waitForExit(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (isAlive(pid)) {
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return true
}
