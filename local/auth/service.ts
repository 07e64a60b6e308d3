import type { Sql } from 'postgres'
import { type Attempts, createAttempts } from './attempts.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** What the routes of auth share. */
export interface AuthService {
  sql: Sql
  passwords: Passwords
  sessions: Sessions
  attempts: Attempts
  origin: () => string
  mailFolder: string
}

interface Options {
  sql: Sql
  jwtSecret: string
  origin: () => string
  mailFolder: string
}

export async function createAuthService({
  sql,
  jwtSecret,
  origin,
  mailFolder,
}: Options): Promise<AuthService> {
  return {
    sql,
    passwords: await createPasswords(sql),
    sessions: createSessions(sql, jwtSecret, () => `${origin()}/auth/v1`),
    attempts: createAttempts(),
    origin,
    mailFolder,
  }
}
