import { createHash, randomBytes, randomInt } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TransactionSql } from 'postgres'
import { AuthError, invalid } from './auth-error.ts'
import type { AuthService } from './service.ts'
import { findUser, type User } from './users.ts'

// A link carries a long random token; the mail that brings it also shows six digits, which only count
// together with the address and are guarded against guessing. Both are kept as hashes, live an hour,
// and are taken once: the delete that finds them is the claim.

export type LinkType = 'signup' | 'invite' | 'magiclink' | 'recovery'

export interface OneTimeLink {
  action_link: string
  email_otp: string
  hashed_token: string
  verification_type: LinkType
  redirect_to: string
}

const linkTypes = new Set<string>(['signup', 'invite', 'magiclink', 'recovery'])
export const isLinkType = (type: unknown): type is LinkType => typeof type === 'string' && linkTypes.has(type)

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

export async function makeLink(
  tx: TransactionSql,
  { origin }: AuthService,
  user: User,
  type: LinkType,
  redirectTo: unknown,
): Promise<OneTimeLink> {
  const email = user.email ?? ''
  const token = randomBytes(28).toString('hex')
  const digits = String(randomInt(1_000_000)).padStart(6, '0')
  await tx`
    insert into auth.one_time_tokens (user_id, token_type, token_hash, otp_hash, relates_to)
    values (${user.id}, ${type}, ${hash(token)}, ${hash(email + digits)}, ${email})
    on conflict (user_id, token_type) do update set token_hash = excluded.token_hash,
      otp_hash = excluded.otp_hash, relates_to = excluded.relates_to, created_at = now()`
  const column = type === 'recovery' || type === 'magiclink' ? 'recovery_sent_at' : 'confirmation_sent_at'
  await tx`update auth.users set ${tx(column)} = now() where id = ${user.id}`
  const redirect = allowedRedirect(origin(), redirectTo)
  const query = new URLSearchParams({ token, type, redirect_to: redirect })
  return {
    action_link: `${origin()}/auth/v1/verify?${query}`,
    email_otp: digits,
    hashed_token: token,
    verification_type: type,
    redirect_to: redirect,
  }
}

/** Only back to ourselves: a link that signs in must not hand the session to another site. */
export function allowedRedirect(origin: string, wanted: unknown): string {
  if (typeof wanted === 'string' && URL.canParse(wanted) && new URL(wanted).origin === origin) return wanted
  return origin
}

interface Proof {
  type: unknown
  token_hash?: unknown
  token?: unknown
  email?: unknown
}

/** Takes the link and gives the person, confirmed. `email` stands for any kind, as auth-js uses it. */
export async function takeLink(tx: TransactionSql, service: AuthService, proof: Proof): Promise<User> {
  const types = proof.type === 'email' ? [...linkTypes] : isLinkType(proof.type) ? [proof.type] : undefined
  if (!types) throw invalid('Invalid email verification type')
  const { token_hash: token, token: digits, email } = proof
  const byDigits = typeof token !== 'string'
  if (byDigits && (typeof email !== 'string' || typeof digits !== 'string')) {
    throw invalid('Verify requires either a token or a token hash')
  }
  const key = `otp:${String(email).toLowerCase()}`
  if (byDigits) service.attempts.begin(key)
  const [taken] = await tx<{ user_id: string }[]>`
    delete from auth.one_time_tokens
    where ${byDigits ? tx`otp_hash = ${hash(String(email).toLowerCase() + String(digits))} and relates_to = ${String(email).toLowerCase()}` : tx`token_hash = ${hash(token)}`}
      and token_type = any(${types}) and created_at > now() - interval '1 hour'
    returning user_id`
  const user = taken && (await findUser(tx, { id: taken.user_id }))
  if (!user) throw new AuthError(403, 'otp_expired', 'Email link is invalid or has expired')
  if (byDigits) service.attempts.succeeded(key)
  await tx`
    update auth.users set email_confirmed_at = coalesce(email_confirmed_at, now()),
      raw_user_meta_data = raw_user_meta_data || '{"email_verified": true}', updated_at = now()
    where id = ${user.id}`
  return (await findUser(tx, { id: user.id })) ?? user
}

/** There is no mail server here: the mail waits in a folder of the data folder. */
export async function layMail({ mailFolder }: AuthService, user: User, link: OneTimeLink): Promise<void> {
  await mkdir(mailFolder, { recursive: true, mode: 0o700 })
  const name = `${new Date().toISOString().replaceAll(':', '-')}-${link.verification_type}-${user.id.slice(0, 8)}.txt`
  const text = `To: ${user.email}\nSubject: ${link.verification_type}\n\nCode: ${link.email_otp}\n${link.action_link}\n`
  await writeFile(join(mailFolder, name), text, { mode: 0o600 })
}
