import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts'
import { makeDatabase } from './fresh-database.ts'

export interface OwnStack {
  stack: Stack
  dataDir: string
  warnings: string[]
  dispose(): Promise<void>
}

/** A stack of the test's own, where it needs other functions, other migrations, or to end it. */
export async function ownStack(options: Partial<StackOptions> = {}): Promise<OwnStack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tideline-own-'))
  const given = process.env['TEST_DATABASE_URL']
  const database = given ? await makeDatabase(given) : undefined
  const warnings: string[] = []
  const stack = await startStack({
    dataDir,
    port: 0,
    host: '127.0.0.1',
    ...(database ? { databaseUrl: database.url } : {}),
    log: { info() {}, warn: (line) => void warnings.push(line) },
    ...options,
  })
  return {
    stack,
    dataDir,
    warnings,
    async dispose() {
      await stack.stop()
      await database?.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
