import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { launch } from '../../harness/running-stack.ts'
import { until } from '../../harness/until.ts'
import { freePort } from './free-port.ts'

/** `npm start` as its own process on its own data folder. */
export interface RunningApp {
  url: string
  /** What `<data>/env` says now: the database has another port after each start. */
  readonly env: Record<string, string>
  /** `kill -9`, nothing closed. */
  kill(): Promise<void>
  /** Starts again on the same port and data. */
  start(): Promise<void>
  /** Ctrl-C, and the data is removed. */
  dispose(): Promise<void>
}

export async function runApp(options: { databaseUrl?: string } = {}): Promise<RunningApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tideline-e2e-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const given = options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }
  let running: ReturnType<typeof launch> | undefined

  async function start() {
    const started = launch(['--port', String(port), '--data', dataDir], given, ['scripts/start.mjs'])
    running = started
    await until(
      async () => {
        if (started.child.exitCode !== null) throw new Error(`npm start ended:\n${started.output()}`)
        return fetch(`${url}/healthz`).then(
          (response) => response.ok,
          () => false,
        )
      },
      (healthy) => healthy,
      120_000,
    )
  }

  async function end(signal: NodeJS.Signals) {
    const child = running?.child
    running = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  await start()
  return {
    url,
    get env() {
      // Node says that a value may be missing; each name in the file has one.
      return parseEnv(readFileSync(join(dataDir, 'env'), 'utf8')) as Record<string, string>
    },
    start,
    kill: () => end('SIGKILL'),
    async dispose() {
      // After a kill the database of the data folder is still up: a start finds and owns it, then all closes cleanly.
      if (running === undefined) await start()
      await end('SIGINT')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
