import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startStack } from '../../local/stack.ts'
import { makeDatabase } from './fresh-database.ts'

export interface TestStack {
  SUPABASE_URL: string
  SUPABASE_PUBLISHABLE_KEY: string
  SUPABASE_SECRET_KEY: string
  DATABASE_URL: string
  JWT_SECRET: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    stack: TestStack
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tideline-stack-'))
  const given = process.env['TEST_DATABASE_URL']
  const database = given ? await makeDatabase(given) : undefined
  const warnings: string[] = []
  const stack = await startStack({
    dataDir,
    port: 0,
    host: '127.0.0.1',
    ...(database ? { databaseUrl: database.url } : {}),
    log: { info() {}, warn: (line) => void warnings.push(line) },
  })
  project.provide('stack', {
    SUPABASE_URL: stack.url,
    SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
    SUPABASE_SECRET_KEY: stack.secretKey,
    DATABASE_URL: stack.databaseUrl,
    JWT_SECRET: stack.jwtSecret,
  })
  return async () => {
    await stack.stop()
    await database?.drop()
    await rm(dataDir, { recursive: true, force: true })
    // A test may provoke them; that there are some is worth seeing where a test failed.
    if (process.env['DEBUG_STACK']) process.stderr.write(`${warnings.join('\n')}\n`)
  }
}
