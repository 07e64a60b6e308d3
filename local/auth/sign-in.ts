import { AuthError, emailExists, invalid, wrongCredentials } from './auth-error.ts'
import { isLinkType, layMail, makeLink, takeLink } from './one-time-links.ts'
import type { AuthService } from './service.ts'
import { checkEmail, checkPassword, createUser, findUser } from './users.ts'

export type Body = Record<string, unknown>
type Grant = Promise<Record<string, unknown>>

const metadata = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** Without address and telephone number: an anonymous person. */
export async function signUp({ sql, passwords, sessions }: AuthService, body: Body): Grant {
  if (body['phone']) throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled')
  if (body['email'] === undefined && body['password'] === undefined) {
    return sql.begin(async (tx) => {
      const user = await createUser(tx, {
        email: null,
        passwordHash: null,
        confirmed: false,
        anonymous: true,
        userMetadata: metadata(body['data']),
      })
      return sessions.begin(tx, user, 'anonymous')
    })
  }
  const email = checkEmail(body['email'])
  const passwordHash = await passwords.hash(checkPassword(body['password']))
  try {
    return await sql.begin(async (tx) => {
      const user = await createUser(tx, {
        email,
        passwordHash,
        confirmed: true,
        userMetadata: metadata(body['data']),
      })
      return sessions.begin(tx, user, 'password')
    })
  } catch (error) {
    if (error instanceof AuthError && error.code === emailExists().code) {
      throw new AuthError(422, 'user_already_exists', 'User already registered')
    }
    throw error
  }
}

export async function signInWithPassword(service: AuthService, body: Body): Grant {
  const { sql, passwords, sessions, attempts } = service
  const { email, password } = body
  if (typeof email !== 'string' || email === '') throw invalid('missing email or phone')
  if (typeof password !== 'string') throw wrongCredentials()
  const key = `password:${email.toLowerCase()}`
  attempts.begin(key)
  const [known] = await sql<{ id: string; hash: string | null }[]>`
    select id, encrypted_password as hash from auth.users
    where email = ${email.toLowerCase()} and not is_sso_user and deleted_at is null`
  if (!(await passwords.matches(password, known?.hash ?? null)) || !known) throw wrongCredentials()
  attempts.succeeded(key)
  return sql.begin(async (tx) => {
    const user = await findUser(tx, { id: known.id })
    if (!user) throw wrongCredentials()
    if (!user.confirmed_at) throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed')
    return sessions.begin(tx, user, 'password')
  })
}

export async function refresh({ sessions }: AuthService, body: Body): Grant {
  const token = body['refresh_token']
  if (typeof token !== 'string' || token === '') {
    throw new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
  }
  return sessions.refresh(token)
}

/** A code or link by mail. The answer is the same whether the address is known or not. */
export async function mailLink(service: AuthService, body: Body, type: unknown, redirectTo: unknown) {
  const email = checkEmail(body['email'])
  if (!isLinkType(type)) throw invalid('Unknown kind of mail')
  const key = `mail:${email}`
  service.attempts.begin(key)
  await service.sql.begin(async (tx) => {
    let user = await findUser(tx, { email })
    if (!user && type === 'magiclink' && body['create_user'] === true) {
      const userMetadata = metadata(body['data'])
      user = await createUser(tx, { email, passwordHash: null, confirmed: false, userMetadata })
    }
    if (user) await layMail(service, user, await makeLink(tx, service, user, type, redirectTo))
  })
  return {}
}

export async function verify(service: AuthService, body: Body): Grant {
  return service.sql.begin(async (tx) => {
    const user = await takeLink(tx, service, { ...body, type: body['type'] })
    return service.sessions.begin(tx, user, 'otp')
  })
}
