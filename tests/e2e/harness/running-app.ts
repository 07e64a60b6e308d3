import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../../scripts/setup/root.mjs'
import { freePort } from './free-port.ts'

/** `npm start` as its own process on its own data folder. */
export interface RunningApp {
  url: string
  /** What `<data>/env` says. */
  env: Record<string, string>
  /** `kill -9`, nothing closed. */
  kill(): Promise<void>
  /** Starts again on the same port and data. */
  start(): Promise<void>
  /** Ctrl-C. Answers the exit code. */
  interrupt(): Promise<number | null>
  /** Ends everything and removes the data. */
  dispose(): Promise<void>
}

export async function runApp(options: { databaseUrl?: string } = {}): Promise<RunningApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tideline-e2e-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let output = ''

  async function start() {
    output = ''
    const started = spawn(
      process.execPath,
      [join(root, 'scripts/start.mjs'), '--port', String(port), '--host', '127.0.0.1', '--data', dataDir],
      {
        cwd: root,
        env: withDatabase(process.env, options.databaseUrl),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    child = started
    started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    started.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await untilHealthy(
      url,
      () => started.exitCode !== null,
      () => output,
    )
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child
    if (ending === undefined) return null
    child = undefined
    if (ending.exitCode !== null) return ending.exitCode
    const closed = once(ending, 'exit')
    ending.kill(signal)
    const [code] = (await closed) as [number | null]
    return code
  }

  await start()
  return {
    url,
    env: readEnv(join(dataDir, 'env')),
    start,
    kill: async () => void (await end('SIGKILL')),
    interrupt: () => end('SIGINT'),
    async dispose() {
      // After a kill the database of the data folder is still up: a start finds and owns it, then all closes cleanly.
      if (child === undefined) await start()
      await end('SIGINT')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function withDatabase(env: NodeJS.ProcessEnv, databaseUrl: string | undefined): NodeJS.ProcessEnv {
  const own = { ...env }
  delete own['DATABASE_URL']
  return databaseUrl === undefined ? own : { ...own, DATABASE_URL: databaseUrl }
}

async function untilHealthy(url: string, hasEnded: () => boolean, output: () => string) {
  for (;;) {
    if (hasEnded()) throw new Error(`npm start ended before it was healthy:\n${output()}`)
    const healthy = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    )
    if (healthy) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function readEnv(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n')
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('='))
      .map((line) => {
        const at = line.indexOf('=')
        return [line.slice(0, at), line.slice(at + 1).replace(/^"(.*)"$/, '$1')]
      }),
  )
}
