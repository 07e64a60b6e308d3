import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseEnv } from 'node:util'
import type { Identify } from '../caller.ts'
import { json } from '../json-response.ts'
import type { Log } from '../log.ts'
import { type Answer, type DenoProcess, startDeno } from './deno-process.ts'
import { forward } from './forward.ts'
import { openFunctions } from './verify-jwt.ts'
import { watchSources } from './watch-sources.ts'

export interface FunctionsHost {
  fetch(request: Request, url: URL): Promise<Response>
  status(): { running: boolean; hosted: string[]; reason?: string }
  stop(): Promise<void>
}

interface Options {
  folder: string
  watched: string[]
  configFile: string
  dataFolder: string
  environment: Record<string, string>
  databaseHost: string
  identify: Identify
  log: Log
}

interface Hosted {
  port?: number
  /** Aborted when the worker ends: Deno leaves the connections of an ended worker open. */
  alive: AbortController
  failures: number
  /** Not tried again before: a function that fails at its start is given a growing pause. */
  after: number
  waiting: ((outcome: number | string) => void)[]
}

const startLimit = 10_000

export async function startFunctions(options: Options): Promise<FunctionsHost> {
  const { folder, log } = options
  let hosted = new Map<string, Hosted>()
  let deno: DenoProcess | undefined
  let crashes = 0
  let restartAt = 0
  let stopped = false

  const names = () =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && /^[a-z0-9][\w-]*$/i.test(entry.name))
          .map(({ name }) => name)
          .filter((name) => existsSync(join(folder, name, 'index.ts')))
      : []

  function forget(reason: string): void {
    for (const { waiting, alive } of hosted.values()) {
      alive.abort()
      for (const tell of waiting) tell(reason)
    }
    hosted = new Map()
  }

  async function running(): Promise<DenoProcess> {
    if (deno) return deno
    const env = await readFile(join(folder, '.env'), 'utf8').catch(() => '')
    if (deno) return deno
    const mine = startDeno({
      functionsFolder: folder,
      environment: { ...(parseEnv(env) as Record<string, string>), ...options.environment },
      databaseHost: options.databaseHost,
      cacheFolder: join(options.dataFolder, 'deno'),
      logFile: join(options.dataFolder, 'functions.log'),
      answered,
      ended() {
        if (deno !== mine) return
        deno = undefined
        restartAt = Date.now() + Math.min(10_000, 100 * 2 ** crashes++)
        if (!stopped)
          log.warn('The functions’ Deno process ended. It is started again with the next request.')
        forget('its process ended')
      },
    })
    deno = mine
    return mine
  }

  function answered({ ready, failed, ended, port, reason }: Answer): void {
    const name = ready ?? failed ?? ended ?? ''
    const one = hosted.get(name)
    if (!one) return
    if (ready !== undefined && port !== undefined) {
      one.port = port
      one.failures = 0
      crashes = 0
      for (const tell of one.waiting.splice(0)) tell(port)
      return
    }
    delete one.port
    one.alive.abort()
    one.alive = new AbortController()
    one.after = Date.now() + Math.min(10_000, 200 * 2 ** one.failures++)
    log.warn(`Function ${name} ${failed === undefined ? 'ended' : 'did not start'}: ${reason ?? ''}`)
    for (const tell of one.waiting.splice(0)) tell(reason ?? 'it ended')
  }

  /** The port of the function's worker, started when need be; otherwise why there is none. */
  async function portOf(name: string): Promise<number | string> {
    const until = Date.now() + startLimit
    for (;;) {
      const one = hosted.get(name) ?? { failures: 0, after: 0, waiting: [], alive: new AbortController() }
      hosted.set(name, one)
      if (one.port !== undefined) return one.port
      const pause = Math.max(restartAt, one.after) - Date.now()
      if (pause > until - Date.now()) return 'it keeps failing'
      if (pause > 0) {
        await new Promise((resolve) => setTimeout(resolve, pause).unref())
        continue
      }
      const first = one.waiting.length === 0
      const outcome = new Promise<number | string>((resolve) => {
        one.waiting.push(resolve)
        setTimeout(() => resolve('it did not start in time'), until - Date.now()).unref()
      })
      const host = await running()
      if (first) host.start(name, pathToFileURL(join(folder, name, 'index.ts')).href)
      const port = await outcome
      // A process that ended under us is worth another try while there is time.
      if (port !== 'its process ended' || Date.now() >= until || stopped) return port
    }
  }

  const unwatch = watchSources([folder, ...options.watched], () => {
    if (!deno) return
    const old = deno
    deno = undefined
    forget('its process ended')
    void old.stop()
  })

  return {
    async fetch(request, url) {
      const name = url.pathname.split('/')[3] ?? ''
      if (!names().includes(name))
        return json({ code: 'NOT_FOUND', message: 'Requested function was not found' }, 404)
      if (!(await openFunctions(options.configFile)).has(name)) {
        const caller = await options.identify(request, url, 'any')
        if (caller instanceof Response) return caller
        if (!caller.token) {
          return json(
            { code: 'UNAUTHORIZED_NO_AUTH_HEADER', message: 'This function asks for the token of a person' },
            401,
          )
        }
      }
      const port = await portOf(name)
      if (typeof port === 'string') {
        return json(
          { code: 'BOOT_ERROR', message: `The function ${name} did not start. The stack’s log says why.` },
          503,
          {
            'retry-after': '2',
          },
        )
      }
      return forward(request, url, {
        port,
        secret: deno?.secret ?? '',
        alive: hosted.get(name)?.alive.signal,
      })
    },
    status() {
      const broken = [...hosted].find(([, { failures }]) => failures > 2)
      const hostedNames = names()
      return broken
        ? { running: false, hosted: hostedNames, reason: `${broken[0]} keeps failing` }
        : { running: true, hosted: hostedNames }
    },
    async stop() {
      stopped = true
      unwatch()
      const last = deno
      deno = undefined
      forget('the stack is stopping')
      await last?.stop()
    },
  }
}
