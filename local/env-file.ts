import { writePrivateFile } from './data-folder.ts'
import { demoPassword, demoPeople } from './demo/people.ts'
import type { Stack } from './stack.ts'

/** For whoever works beside the running stack: tools, agents, tests. Only its owner may read it. */
export function writeEnvFile(file: string, stack: Stack): Promise<void> {
  const [first, second] = demoPeople
  const values = {
    SUPABASE_URL: stack.url,
    SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
    SUPABASE_SECRET_KEY: stack.secretKey,
    DATABASE_URL: stack.databaseUrl,
    DEMO_EMAIL: first.email,
    DEMO_PASSWORD: demoPassword,
    DEMO_EMAIL_2: second.email,
    DEMO_PASSWORD_2: demoPassword,
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
  return writePrivateFile(file, lines.join(''))
}
