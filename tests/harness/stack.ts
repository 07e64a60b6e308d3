import type { TestProject } from 'vitest/node'
import { ownStack } from './own-stack.ts'

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
  const { stack, warnings, dispose } = await ownStack()
  project.provide('stack', {
    SUPABASE_URL: stack.url,
    SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
    SUPABASE_SECRET_KEY: stack.secretKey,
    DATABASE_URL: stack.databaseUrl,
    JWT_SECRET: stack.jwtSecret,
  })
  return async () => {
    await dispose()
    // A test may provoke them; that there are some is worth seeing where a test failed.
    if (process.env['DEBUG_STACK']) process.stderr.write(`${warnings.join('\n')}\n`)
  }
}
