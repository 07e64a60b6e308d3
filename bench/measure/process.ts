/** Servers run in processes of their own, so that what they cost is theirs. Each is ended by its id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { within } from './rounds.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface ServerProcess {
  readonly pid: number
  /** What it said in the line that tells that it is ready. */
  readonly ready: string
  end(signal: NodeJS.Signals): Promise<void>
}

/** Starts a program of ours; ready is the line that matches. */
export async function startProcess(
  args: readonly string[],
  ready: RegExp,
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${args[0]} did not start.`)
  const forget = endWithUs(child)
  const line = await within(60_000, `${args[0]} is ready`, lineOf(child, ready))
  return {
    pid,
    ready: line,
    async end(signal) {
      forget()
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

/** A measurement that fails leaves nothing behind. */
function endWithUs(child: ChildProcess): () => void {
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  return () => process.off('exit', end)
}

async function lineOf(child: ChildProcess, wanted: RegExp): Promise<string> {
  const said: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  if (!child.stdout) throw new Error('The process has no output.')
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    lines.on('line', (line) => {
      said.push(line)
      const match = wanted.exec(line)
      if (match) resolve(match[1] ?? line)
    })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${said.join('\n')}`)))
  })
}

interface ProcessLine {
  readonly pid: number
  readonly parent: number
  readonly ticks: number
}

function allProcesses(): ProcessLine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const line = readFileSync(`/proc/${name}/stat`, 'utf8')
        // The name in brackets may hold spaces: what counts stands behind it.
        const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
        const ticks = [11, 12, 13, 14].reduce((sum, place) => sum + Number(fields[place]), 0)
        return [{ pid: Number(name), parent: Number(fields[1]), ticks }]
      } catch {
        return []
      }
    })
}

/** The process and all that descend from it. */
export function familyOf(pid: number): number[] {
  const all = allProcesses()
  const family = [pid]
  for (const member of family) {
    for (const { pid: child, parent } of all) if (parent === member) family.push(child)
  }
  return family
}

/** User and system time of the process and its descendants, ended ones too; null where /proc is missing. */
export function cpuSecondsOf(pid: number): number | null {
  try {
    const family = new Set(familyOf(pid))
    const ticks = allProcesses().reduce((sum, one) => sum + (family.has(one.pid) ? one.ticks : 0), 0)
    return ticks / 100
  } catch {
    return null
  }
}
