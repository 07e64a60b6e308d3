import { BadCommandLine, readCommandLine, usage } from './command-line.ts'
import { UnusableDatabase } from './database.ts'
import { demoPassword, demoPeople } from './demo/people.ts'
import { writeEnvFile } from './env-file.ts'
import { PortTaken } from './http-server.ts'
import { FolderInUse } from './lock.ts'
import { errorCode, terminalLog } from './log.ts'
import { join, resolve } from 'node:path'
import { resetDataFolder } from './reset.ts'
import { type Stack, startStack } from './stack.ts'

const log = terminalLog

async function main(): Promise<void> {
  const { port, host, dataDir, reset, help } = readCommandLine(process.argv.slice(2))
  if (help) {
    log.info(usage)
    return
  }
  const databaseUrl = process.env['DATABASE_URL'] || undefined
  if (reset) {
    await resetDataFolder(dataDir)
    if (databaseUrl)
      log.info('--reset emptied the data folder. The database of DATABASE_URL is yours and stays.')
  }
  const starting = stopOnSignal()
  const stack = await startStack({
    port,
    host,
    dataDir,
    demo: true,
    log,
    beforeReady: (started) => writeEnvFile(join(resolve(dataDir), 'env'), started),
    ...(databaseUrl ? { databaseUrl } : {}),
  })
  starting.started(stack)
  greet(stack, host, dataDir)
}

/** The first Ctrl-C closes everything, the second ends at once: PostgreSQL then recovers at the next start. */
function stopOnSignal(): { started(stack: Stack): void } {
  let stack: Stack | undefined
  let asked = 0
  const stop = async () => {
    if (++asked > 1) process.exit(130)
    if (!stack) return
    log.info('\nStopping …')
    await stack.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
  return {
    started(running) {
      stack = running
      if (asked > 0) void running.stop().then(() => process.exit(0))
    },
  }
}

function greet(stack: Stack, host: string, dataDir: string): void {
  const people = demoPeople.map(({ name, email }) => `  ${name.padEnd(16)}${email}`)
  log.info(
    [
      '',
      `Tideline is running at ${stack.url}`,
      '',
      ...people,
      `  ${'Password'.padEnd(16)}${demoPassword}`,
      '',
      `Data in ${resolve(dataDir)} · Ctrl-C stops`,
      '',
    ].join('\n'),
  )
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    log.warn(
      'This start is open to the network, and the password of the demo people is public. Change it, or remove them.',
    )
  }
}

// Errors that say themselves what to do; of any other the place is worth knowing, and its words are
// not: they may be a person's.
function explain(error: unknown): string {
  if (
    error instanceof BadCommandLine ||
    error instanceof FolderInUse ||
    error instanceof PortTaken ||
    error instanceof UnusableDatabase
  ) {
    return error.message
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

process.on('unhandledRejection', (error) => {
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
  log.warn([`Unexpected: ${errorCode(error)}`, ...frames].join('\n'))
})

try {
  await main()
} catch (error) {
  log.warn(explain(error))
  process.exit(1)
}
