import { AuthError, emailExists, invalid, userNotFound } from './auth-error.ts'
import { isLinkType, layMail, makeLink } from './one-time-links.ts'
import type { AuthService } from './service.ts'
import type { Body } from './sign-in.ts'
import {
  checkEmail,
  checkPassword,
  createUser,
  findUser,
  listUsers,
  presentUser,
  writeIdentity,
} from './users.ts'

// auth.admin: with the secret key alone.

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const object = (value: unknown): Record<string, unknown> | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined

function checkId(id: string): string {
  if (!uuid.test(id)) throw new AuthError(404, 'validation_failed', 'user_id must be an UUID')
  return id
}

export async function adminCreateUser({ sql, passwords }: AuthService, body: Body) {
  const email = checkEmail(body['email'])
  const id = body['id'] === undefined ? undefined : checkId(String(body['id']))
  const passwordHash =
    typeof body['password_hash'] === 'string'
      ? body['password_hash']
      : body['password'] === undefined
        ? null
        : await passwords.hash(checkPassword(body['password']))
  const user = await sql.begin(async (tx) => {
    const made = await createUser(tx, {
      ...(id ? { id } : {}),
      email,
      passwordHash,
      confirmed: body['email_confirm'] === true,
      ...(typeof body['role'] === 'string' && body['role'] ? { role: body['role'] } : {}),
      appMetadata: object(body['app_metadata']) ?? {},
      userMetadata: object(body['user_metadata']) ?? {},
    })
    await applyBan(tx, made.id, body['ban_duration'])
    return (await findUser(tx, { id: made.id })) ?? made
  })
  return presentUser(user)
}

export async function adminGetUser({ sql }: AuthService, id: string) {
  const user = await findUser(sql, { id: checkId(id) })
  if (!user) throw userNotFound()
  return presentUser(user)
}

export async function adminListUsers({ sql }: AuthService, page: number, perPage: number) {
  const [count] = await sql<{ total: number }[]>`
    select count(*)::int as total from auth.users where deleted_at is null`
  const users = (await listUsers(sql, page, perPage)).map(presentUser)
  return { users, total: count?.total ?? 0 }
}

export async function adminUpdateUser({ sql, passwords }: AuthService, id: string, body: Body) {
  const user = await findUser(sql, { id: checkId(id) })
  if (!user) throw userNotFound()
  const email = body['email'] === undefined ? undefined : checkEmail(body['email'])
  const hash =
    body['password'] === undefined ? undefined : await passwords.hash(checkPassword(body['password']))
  const role = typeof body['role'] === 'string' && body['role'] ? body['role'] : undefined
  const fresh = await sql.begin(async (tx) => {
    if (email !== undefined && email !== user.email) {
      if (await findUser(tx, { email })) throw emailExists()
      await tx`update auth.users set email = ${email}, is_anonymous = false where id = ${id}`
      await writeIdentity(tx, id, email, {})
    }
    await tx`
      update auth.users set updated_at = now(),
        encrypted_password = coalesce(${hash ?? null}, encrypted_password),
        role = coalesce(${role ?? null}, role),
        email_confirmed_at = ${body['email_confirm'] === true ? tx`coalesce(email_confirmed_at, now())` : tx`email_confirmed_at`},
        raw_user_meta_data = jsonb_strip_nulls(raw_user_meta_data || ${tx.json((object(body['user_metadata']) ?? {}) as never)}),
        raw_app_meta_data = jsonb_strip_nulls(raw_app_meta_data || ${tx.json((object(body['app_metadata']) ?? {}) as never)})
      where id = ${id}`
    await applyBan(tx, id, body['ban_duration'])
    return findUser(tx, { id })
  })
  return presentUser(fresh ?? user)
}

export async function adminDeleteUser({ sql }: AuthService, id: string, soft: boolean) {
  const gone = soft
    ? await sql`
        update auth.users set deleted_at = now(), email = null, encrypted_password = null, phone = null,
          raw_user_meta_data = '{}', raw_app_meta_data = '{}'
        where id = ${checkId(id)} and deleted_at is null returning id`
    : await sql`delete from auth.users where id = ${checkId(id)} returning id`
  if (gone.length === 0) throw userNotFound()
  if (soft) {
    await sql`delete from auth.sessions where user_id = ${id}`
    await sql`delete from auth.identities where user_id = ${id}`
  }
  return {}
}

export async function adminGenerateLink(service: AuthService, body: Body, redirectTo: unknown) {
  const { type } = body
  if (!isLinkType(type))
    throw invalid('Password recovery, magic link, sign-up and invitation links can be made.')
  const email = checkEmail(body['email'])
  const hash = type === 'signup' ? await service.passwords.hash(checkPassword(body['password'])) : null
  return service.sql.begin(async (tx) => {
    let user = await findUser(tx, { email })
    if (type === 'signup' || type === 'invite') {
      if (user?.confirmed_at) throw emailExists()
      user ??= await createUser(tx, {
        email,
        passwordHash: hash,
        confirmed: false,
        invited: type === 'invite',
        userMetadata: object(body['data']) ?? {},
      })
    }
    if (!user) throw userNotFound()
    const link = await makeLink(tx, service, user, type, redirectTo)
    return { ...presentUser(user), ...link }
  })
}

export async function adminInvite(service: AuthService, body: Body, redirectTo: unknown) {
  const email = checkEmail(body['email'])
  return service.sql.begin(async (tx) => {
    let user = await findUser(tx, { email })
    if (user?.confirmed_at) throw emailExists()
    const userMetadata = object(body['data']) ?? {}
    user ??= await createUser(tx, {
      email,
      passwordHash: null,
      confirmed: false,
      invited: true,
      userMetadata,
    })
    await layMail(service, user, await makeLink(tx, service, user, 'invite', redirectTo))
    return presentUser(user)
  })
}

async function applyBan(
  tx: AuthService['sql'] | Parameters<typeof createUser>[0],
  id: string,
  duration: unknown,
) {
  if (duration === undefined || duration === '') return
  if (duration === 'none') {
    await tx`update auth.users set banned_until = null where id = ${id}`
    return
  }
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(String(duration))
  if (!parts) throw invalid('invalid format for ban duration: use a form like 24h, or none')
  const seconds = Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0)
  await tx`update auth.users set banned_until = now() + make_interval(secs => ${seconds}) where id = ${id}`
}
