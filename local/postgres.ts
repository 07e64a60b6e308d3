import { spawn, type ChildProcess } from 'node:child_process'
import { chownSync, closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Log } from './log.ts'
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts'
import { readPostmaster, stopOrphan } from './postgres-orphan.ts'
import { waitForExit } from './processes.ts'
import { commandAs, postgresUser, type SystemUser } from './system-user.ts'

export interface EmbeddedPostgres {
  url: string
  pid(): number | undefined
  stop(): Promise<void>
}

interface Options {
  folder: string
  password: string
  log: Log
}

// Listens on 127.0.0.1 alone. Its log goes to a file beside it and carries no statement and no row:
// PostgreSQL's own messages quote values.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
}

export async function startPostgres({ folder, password, log }: Options): Promise<EmbeddedPostgres> {
  const binaries = await postgresBinaries()
  const user = postgresUser()
  if (await stopOrphan(folder)) log.info('Stopped the PostgreSQL that an earlier start left behind.')
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(folder, password, binaries, user)

  const port = await freePort()
  let child = await launchAfterCrash(folder, port, binaries, user)
  let stopping = false
  let restarts = 0

  // PostgreSQL that dies under us (out of memory, a signal) recovers from its log on the same port;
  // every pool of ours reconnects.
  const relaunch = async () => {
    if (stopping) return
    try {
      child = await launchAfterCrash(folder, port, binaries, user)
      restarts = 0
      watch(child)
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error))
      again()
    }
  }
  const again = () => void setTimeout(() => void relaunch(), Math.min(10_000, 250 * 2 ** restarts++)).unref()
  const watch = (watched: ChildProcess) => {
    watched.once('exit', (code, signal) => {
      if (stopping) return
      log.warn(`PostgreSQL ended (${signal ?? code}). Starting it again.`)
      again()
    })
  }
  watch(child)

  return {
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    pid: () => child.pid,
    async stop() {
      stopping = true
      const pid = child.pid
      if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGINT')
      if (await waitForExit(pid, 10_000)) return
      child.kill('SIGQUIT')
      await waitForExit(pid, 5_000)
    },
  }
}

/** Into a folder of another name first: a cluster half made by a crash is never taken for a whole one. */
async function initialise(
  folder: string,
  password: string,
  { initdb }: PostgresBinaries,
  user: SystemUser | undefined,
): Promise<void> {
  const draft = `${folder}.new`
  const passwordFile = `${folder}.password`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid)
  try {
    await run(
      initdb,
      [
        `--pgdata=${draft}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      draft,
      user,
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rm(folder, { recursive: true, force: true })
  await rename(draft, folder)
}

function run(program: string, args: string[], folder: string, user: SystemUser | undefined): Promise<void> {
  const command = commandAs(user, program, args, folder)
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, command.args, {
      ...command.options,
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
    })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000)
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} failed (${code}): ${complaint.trim()}`)),
    )
  })
}

/** After a `kill -9` of the database its helpers need a moment to notice, and hold its memory until then. */
async function launchAfterCrash(
  folder: string,
  port: number,
  binaries: PostgresBinaries,
  user: SystemUser | undefined,
): Promise<ChildProcess> {
  const crashed = existsSync(join(folder, 'postmaster.pid'))
  const end = Date.now() + 10_000
  for (;;) {
    try {
      return await launch(folder, port, binaries, user)
    } catch (error) {
      if (!crashed || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

async function launch(
  folder: string,
  port: number,
  { postgres }: PostgresBinaries,
  user: SystemUser | undefined,
): Promise<ChildProcess> {
  const log = openSync(`${folder}.log`, 'a', 0o600)
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Detached: a Ctrl-C in the terminal goes to the whole process group, and the database must end
  // after the stack, not beside it.
  const command = commandAs(user, postgres, ['-D', folder, '-p', String(port), ...flags], folder)
  const child = spawn(command.program, command.args, {
    ...command.options,
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let failure: Error | undefined
  child.once('error', (error) => (failure = error))
  child.once('exit', (code, signal) => {
    failure ??= new Error(`PostgreSQL did not start (${signal ?? code}). Its log: ${folder}.log`)
  })
  const end = Date.now() + 60_000
  for (;;) {
    if (failure) throw failure
    const postmaster = await readPostmaster(folder)
    if (postmaster?.pid === child.pid && postmaster?.ready) break
    if (Date.now() > end) throw new Error(`PostgreSQL was not ready within a minute. Its log: ${folder}.log`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child.unref()
  return child
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()))
    })
  })
}
