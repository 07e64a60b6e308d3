import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Sql, TransactionSql } from 'postgres'
import { AuthError } from './auth-error.ts'
import { findUser, presentUser, type User } from './users.ts'

// A session is a family of refresh tokens, of which the newest is alive. Using it makes its child in
// the same transaction, so a crash leaves either the old or the new one usable. An old one used again
// within ten seconds gets the living one (two tabs that refreshed at once, or an answer that was lost);
// so does the parent of the living one at any time, since its child may never have arrived. Anything
// older is taken for theft and ends the family. This is GoTrue's rule.

const reuseSeconds = 10
const accessTokenSeconds = 3600

export interface Sessions {
  begin(tx: TransactionSql, user: User, method: string): Promise<Record<string, unknown>>
  refresh(token: string): Promise<Record<string, unknown>>
}

export function createSessions(sql: Sql, jwtSecret: string, issuer: () => string): Sessions {
  const key = createSecretKey(Buffer.from(jwtSecret))

  async function grant(user: User, session: string, refreshToken: string, method: string) {
    const now = Math.floor(Date.now() / 1000)
    const accessToken = await new SignJWT({
      email: user.email ?? '',
      phone: user.phone ?? '',
      app_metadata: user.app_metadata,
      user_metadata: user.user_metadata,
      role: user.role,
      aal: 'aal1',
      amr: [{ method, timestamp: now }],
      session_id: session,
      is_anonymous: user.is_anonymous,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(issuer())
      .setSubject(user.id)
      .setAudience(user.aud)
      .setIssuedAt(now)
      .setExpirationTime(now + accessTokenSeconds)
      .sign(key)
    return {
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: accessTokenSeconds,
      expires_at: now + accessTokenSeconds,
      refresh_token: refreshToken,
      user: presentUser(user),
      weak_password: null,
    }
  }

  return {
    async begin(tx, user, method) {
      refuseBanned(user)
      const session = randomUUID()
      await tx`insert into auth.sessions (id, user_id, amr) values (${session}, ${user.id}, ${method})`
      const token = await writeToken(tx, user.id, session, null)
      await tx`update auth.users set last_sign_in_at = now() where id = ${user.id}`
      const fresh = await findUser(tx, { id: user.id })
      return grant(fresh ?? user, session, token, method)
    },

    async refresh(token) {
      // Theft is answered with an error after the family was ended: the end must be committed first.
      const outcome = await sql.begin(async (tx) => {
        const [family] = await tx<
          { session_id: string; user_id: string; amr: string; not_after: Date | null }[]
        >`
          select s.id as session_id, s.user_id, s.amr, s.not_after from auth.refresh_tokens t
          join auth.sessions s on s.id = t.session_id where t.token = ${token} for update of s`
        if (!family) return unknownToken()
        const [used] = await tx<{ revoked: boolean; recent: boolean }[]>`
          select revoked, updated_at > now() - make_interval(secs => ${reuseSeconds}) as recent
          from auth.refresh_tokens where token = ${token}`
        const [living] = await tx<{ token: string; parent: string | null }[]>`
          select token, parent from auth.refresh_tokens
          where session_id = ${family.session_id} and not revoked order by id desc limit 1`
        const user = await findUser(tx, { id: family.user_id })
        if (!used || !living || !user) return unknownToken()
        refuseBanned(user)
        await tx`
          delete from auth.refresh_tokens where session_id = ${family.session_id} and revoked
            and updated_at < now() - interval '1 day' and token is distinct from ${living.parent}`
        let next = living.token
        if (!used.revoked) {
          await tx`update auth.refresh_tokens set revoked = true, updated_at = now() where token = ${token}`
          next = await writeToken(tx, family.user_id, family.session_id, token)
        } else if (!used.recent && living.parent !== token) {
          await tx`delete from auth.sessions where id = ${family.session_id}`
          return new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used')
        }
        await tx`update auth.sessions set refreshed_at = now(), updated_at = now() where id = ${family.session_id}`
        return { user, session: family.session_id, next, method: family.amr }
      })
      if (outcome instanceof AuthError) throw outcome
      return grant(outcome.user, outcome.session, outcome.next, outcome.method)
    },
  }
}

async function writeToken(
  tx: TransactionSql,
  user: string,
  session: string,
  parent: string | null,
): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await tx`
    insert into auth.refresh_tokens (token, user_id, session_id, parent)
    values (${token}, ${user}, ${session}, ${parent})`
  return token
}

function refuseBanned(user: User): void {
  if (user.banned_until && new Date(user.banned_until).getTime() > Date.now()) {
    throw new AuthError(400, 'user_banned', 'User is banned')
  }
}

const unknownToken = () =>
  new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
