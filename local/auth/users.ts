import { randomUUID } from 'node:crypto'
import type { PendingQuery, Row, Sql, TransactionSql } from 'postgres'
import { AuthError, emailExists, invalid } from './auth-error.ts'

export type Database = Sql | TransactionSql

export interface User {
  id: string
  aud: string
  role: string
  email: string | null
  phone: string | null
  email_confirmed_at: string | null
  confirmed_at: string | null
  last_sign_in_at: string | null
  invited_at: string | null
  confirmation_sent_at: string | null
  recovery_sent_at: string | null
  email_change: string
  banned_until: string | null
  is_anonymous: boolean
  created_at: string
  updated_at: string
  app_metadata: Record<string, unknown>
  user_metadata: Record<string, unknown>
  identities: unknown[]
}

export interface NewUser {
  id?: string
  email: string | null
  passwordHash: string | null
  confirmed: boolean
  anonymous?: boolean
  invited?: boolean
  role?: string
  appMetadata?: Record<string, unknown>
  userMetadata?: Record<string, unknown>
}

export async function findUser(
  sql: Database,
  by: { id: string } | { email: string },
): Promise<User | undefined> {
  const [user] = await readUsers(
    sql,
    'id' in by ? sql`u.id = ${by.id}` : sql`u.email = ${by.email.toLowerCase()} and not u.is_sso_user`,
  )
  return user
}

/** The newest first, a page of them. */
export function listUsers(sql: Database, page: number, perPage: number): Promise<User[]> {
  return readUsers(
    sql,
    sql`u.id in (select id from auth.users where deleted_at is null
      order by created_at desc, id limit ${perPage} offset ${(page - 1) * perPage})`,
  )
}

function readUsers(sql: Database, condition: PendingQuery<Row[]>): Promise<User[]> {
  return sql<User[]>`
    select u.id, coalesce(u.aud, 'authenticated') as aud, coalesce(u.role, 'authenticated') as role, u.email, u.phone,
      u.email_confirmed_at, u.confirmed_at, u.last_sign_in_at, u.invited_at, u.confirmation_sent_at,
      u.recovery_sent_at, u.email_change, u.banned_until, u.is_anonymous, u.created_at, u.updated_at,
      u.raw_app_meta_data as app_metadata, u.raw_user_meta_data as user_metadata,
      coalesce((
        select json_agg(json_build_object(
          'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data,
          'provider', i.provider, 'email', i.email, 'last_sign_in_at', i.last_sign_in_at,
          'created_at', i.created_at, 'updated_at', i.updated_at) order by i.created_at)
        from auth.identities i where i.user_id = u.id), '[]') as identities
    from auth.users u
    where u.deleted_at is null and ${condition}
    order by u.created_at desc, u.id`
}

export async function createUser(sql: TransactionSql, person: NewUser): Promise<User> {
  const id = person.id ?? randomUUID()
  const email = person.email?.toLowerCase() ?? null
  const appMetadata = person.anonymous
    ? {}
    : { provider: 'email', providers: ['email'], ...person.appMetadata }
  const userMetadata = email
    ? { ...person.userMetadata, sub: id, email, email_verified: person.confirmed, phone_verified: false }
    : { ...person.userMetadata }
  const made = await sql`
    insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, invited_at, is_anonymous,
      raw_app_meta_data, raw_user_meta_data)
    values (${id}, 'authenticated', ${person.role ?? 'authenticated'}, ${email}, ${person.passwordHash},
      ${person.confirmed && email ? sql`now()` : null}, ${person.invited ? sql`now()` : null},
      ${person.anonymous ?? false}, ${sql.json(appMetadata as never)}, ${sql.json(userMetadata as never)})
    on conflict do nothing returning id`
  if (made.length === 0) throw emailExists()
  if (email) await writeIdentity(sql, id, email, userMetadata)
  const user = await findUser(sql, { id })
  if (!user) throw new Error('A person was made and cannot be read.')
  return user
}

export async function writeIdentity(
  sql: Database,
  id: string,
  email: string,
  data: Record<string, unknown>,
): Promise<void> {
  await sql`
    insert into auth.identities (provider_id, user_id, provider, identity_data)
    values (${id}, ${id}, 'email', ${sql.json({ ...data, sub: id, email } as never)})
    on conflict (provider_id, provider) do update
      set identity_data = auth.identities.identity_data || excluded.identity_data, updated_at = now()`
}

/** The person as auth-js expects it. */
export function presentUser(user: User): Record<string, unknown> {
  const { email_change, email, phone, ...rest } = user
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
    email: email ?? '',
    phone: phone ?? '',
    ...(email_change ? { new_email: email_change } : {}),
  }
}

export function checkEmail(value: unknown): string {
  if (
    typeof value !== 'string' ||
    value.length > 255 ||
    !/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@.<>"]+$/.test(value)
  ) {
    throw invalid('Unable to validate email address: invalid format')
  }
  return value.toLowerCase()
}

const minimumPasswordLength = 6

export function checkPassword(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw invalid('Signup requires a valid password')
  if (value.length < minimumPasswordLength) {
    throw new AuthError(
      422,
      'weak_password',
      `Password should be at least ${minimumPasswordLength} characters.`,
      { weak_password: { reasons: ['length'] } },
    )
  }
  // bcrypt reads no further: what follows would be decoration.
  if (Buffer.byteLength(value) > 72) throw invalid('Password cannot be longer than 72 characters')
  return value
}
