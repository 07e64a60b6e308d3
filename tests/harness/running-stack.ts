import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { until } from './until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface RunningStack {
  pid: number
  url: string
  env: Record<string, string>
  /** Everything it printed so far. */
  output(): string
  kill(signal: NodeJS.Signals): Promise<number | null>
}

const command = ['--import', 'tsx', 'local/main.ts']

export function launch(args: string[], env: Record<string, string> = {}, program = command) {
  const inherited = { ...process.env }
  delete inherited['DATABASE_URL']
  const child: ChildProcess = spawn(process.execPath, [...program, ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, output: () => output }
}

/** The command as a process of its own, ready. */
export async function runStack(dataDir: string, env: Record<string, string> = {}): Promise<RunningStack> {
  const { child, output } = launch(['--port', '0', '--data', dataDir], env)
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`The stack ended while starting:\n${output()}`)
      return output()
    },
    (said) => said.includes('Ctrl-C stops'),
    60_000,
  )
  const file = parseEnv(readFileSync(join(dataDir, 'env'), 'utf8')) as Record<string, string>
  return {
    pid: child.pid ?? 0,
    url: file['SUPABASE_URL'] ?? '',
    env: file,
    output,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill(signal)
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}

/** For a start that is to be refused: its exit code and what it said. */
export async function failToStart(args: string[], env: Record<string, string> = {}) {
  const { child, output } = launch(args, env)
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output: output() }
}
