import type { Caller } from '../caller.ts'
import { AuthError, emailExists, invalid, sessionMissing } from './auth-error.ts'
import type { AuthService } from './service.ts'
import type { Body } from './sign-in.ts'
import { checkEmail, checkPassword, findUser, presentUser, type User, writeIdentity } from './users.ts'

/** The person behind a token: one whose session was ended or who was deleted is nobody at once. */
export async function currentUser({ sql }: AuthService, caller: Caller): Promise<User> {
  const { sub, session_id: session } = caller.claims as { sub?: string; session_id?: string }
  if (!caller.token || !sub) {
    throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token')
  }
  if (session) {
    const found = await sql`select from auth.sessions where id = ${session} and user_id = ${sub}`
    if (found.length === 0) throw sessionMissing()
  }
  const user = await findUser(sql, { id: sub })
  if (!user) throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist')
  return user
}

export async function updateAccount(service: AuthService, caller: Caller, body: Body) {
  const user = await currentUser(service, caller)
  const { sql, passwords } = service
  const email = body['email'] === undefined || body['email'] === '' ? undefined : checkEmail(body['email'])
  let passwordHash: string | undefined
  if (body['password'] !== undefined) {
    const password = checkPassword(body['password'])
    const [known] = await sql<{ hash: string | null }[]>`
      select encrypted_password as hash from auth.users where id = ${user.id}`
    if (known?.hash && (await passwords.matches(password, known.hash))) {
      throw new AuthError(422, 'same_password', 'New password should be different from the old password.')
    }
    passwordHash = await passwords.hash(password)
  }
  return sql.begin(async (tx) => {
    if (body['data'] !== undefined) {
      if (body['data'] === null || typeof body['data'] !== 'object') throw invalid('data must be an object')
      await tx`
        update auth.users set updated_at = now(),
          raw_user_meta_data = jsonb_strip_nulls(raw_user_meta_data || ${tx.json(body['data'] as never)})
        where id = ${user.id}`
    }
    if (passwordHash !== undefined) {
      await tx`update auth.users set encrypted_password = ${passwordHash}, updated_at = now() where id = ${user.id}`
    }
    if (email !== undefined && email !== user.email) {
      const other = await findUser(tx, { email })
      if (other) throw emailExists()
      await tx`
        update auth.users set email = ${email}, email_confirmed_at = now(), is_anonymous = false, updated_at = now(),
          raw_user_meta_data = raw_user_meta_data || ${tx.json({ email, email_verified: true })},
          raw_app_meta_data = '{"provider": "email", "providers": ["email"]}'::jsonb || raw_app_meta_data
        where id = ${user.id}`
      await writeIdentity(tx, user.id, email, { email_verified: true })
    }
    const fresh = await findUser(tx, { id: user.id })
    return presentUser(fresh ?? user)
  })
}

export async function signOut(service: AuthService, caller: Caller, scope: string): Promise<void> {
  const user = await currentUser(service, caller)
  const session = (caller.claims as { session_id?: string }).session_id ?? null
  const { sql } = service
  if (scope === 'global') await sql`delete from auth.sessions where user_id = ${user.id}`
  else if (scope === 'others') {
    await sql`delete from auth.sessions where user_id = ${user.id} and id is distinct from ${session}`
  } else if (scope === 'local') await sql`delete from auth.sessions where id = ${session}`
  else throw invalid(`Unsupported logout scope "${scope}"`)
}
