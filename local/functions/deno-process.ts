import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { projectRoot } from '../project.ts'

export interface Answer {
  ready?: string
  failed?: string
  ended?: string
  port?: number
  reason?: string
}

export interface DenoProcess {
  secret: string
  start(name: string, entry: string): void
  stop(): Promise<void>
}

interface Options {
  functionsFolder: string
  environment: Record<string, string>
  /** `host:port` of the database, which a function may reach. */
  databaseHost: string
  cacheFolder: string
  logFile: string
  answered(answer: Answer): void
  ended(): void
}

export function startDeno(options: Options): DenoProcess {
  const mark = randomBytes(12).toString('hex')
  const secret = randomBytes(18).toString('base64url')
  const log = openSync(options.logFile, 'a', 0o600)
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(denoProgram(), [...flags(options), main], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'] ?? '',
      DENO_DIR: options.cacheFolder,
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
      ...options.environment,
    },
    // Detached for the reason that PostgreSQL is: one Ctrl-C must reach the stack first.
    detached: true,
    stdio: ['pipe', 'pipe', log],
  }) as ChildProcessByStdio<Writable, Readable, null>
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      closeSync(log)
      resolve()
      options.ended()
    }
    child.once('exit', end)
    child.once('error', () => {
      if (child.pid === undefined) end()
    })
  })
  child.stdin.on('error', () => {})
  // Not among the arguments, which every user of this machine may read.
  child.stdin.write(`${JSON.stringify({ mark, secret })}\n`)
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(mark)) options.answered(JSON.parse(line.slice(mark.length)) as Answer)
    else if (child.exitCode === null) writeSync(log, `${line}\n`)
  })
  return {
    secret,
    start: (name, entry) => void child.stdin.write(`${JSON.stringify({ start: name, entry })}\n`),
    async stop() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

function flags({ functionsFolder, databaseHost }: Options): string[] {
  const own = join(functionsFolder, 'deno.json')
  const config = existsSync(own) ? own : fileURLToPath(new URL('./deno.json', import.meta.url))
  const wanted = process.env['FUNCTIONS_ALLOW_NET']?.trim()
  const hosts = ['127.0.0.1', 'localhost', databaseHost, ...(wanted ? wanted.split(/[\s,]+/) : [])]
  const read = ['src', 'node_modules', 'package.json', 'local/functions', functionsFolder]
  return [
    'run',
    '--quiet',
    '--no-prompt',
    '--cached-only',
    '--no-lock',
    '--unstable-no-legacy-abort',
    '--node-modules-dir=manual',
    `--config=${config}`,
    wanted === '*' ? '--allow-net' : `--allow-net=${hosts.join(',')}`,
    '--allow-env',
    `--allow-read=${read.join(',')}`,
    '--v8-flags=--max-old-space-size=512',
  ]
}

function denoProgram(): string {
  const { runInstall } = createRequire(import.meta.url)('deno/install_api.cjs') as { runInstall(): string }
  return runInstall()
}
