import { decodeJwt, SignJWT } from 'jose'
import postgres from 'postgres'
import { describe, expect, inject, test } from 'vitest'
import { adminClient, anonymousClient, makePerson } from '../harness/people.ts'

const stack = inject('stack')
const anyEmail = () => `someone-${crypto.randomUUID()}@example.com`

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${stack.SUPABASE_URL}${path}`, {
    ...init,
    headers: { apikey: stack.SUPABASE_PUBLISHABLE_KEY, 'content-type': 'application/json', ...init.headers },
  })

describe('signing up and in', () => {
  test('sign-up gives a session whose token carries what policies and clients read', async () => {
    const client = anonymousClient()
    const email = anyEmail()
    const { data, error } = await client.auth.signUp({
      email: email.toUpperCase(),
      password: 'correct horse',
      options: { data: { display_name: 'Ana' } },
    })
    expect(error).toBeNull()
    const claims = decodeJwt(data.session?.access_token ?? '')
    expect(claims).toMatchObject({
      iss: `${stack.SUPABASE_URL}/auth/v1`,
      aud: 'authenticated',
      role: 'authenticated',
      email,
      aal: 'aal1',
      is_anonymous: false,
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: { display_name: 'Ana', email },
    })
    expect(claims['session_id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(data.user?.identities?.[0]?.provider).toBe('email')
    const again = await client.auth.getUser()
    expect(again.data.user?.id).toBe(data.user?.id)
  })

  test('an address signs up once, whatever its case, also when two try at the same moment', async () => {
    const email = anyEmail()
    const tries = await Promise.all(
      [email, email.toUpperCase()].map((address) =>
        anonymousClient().auth.signUp({ email: address, password: 'correct horse' }),
      ),
    )
    const codes = tries.map(({ error }) => error?.code ?? 'ok').sort()
    expect(codes).toEqual(['ok', 'user_already_exists'])
  })

  test('a wrong password and an unknown address are told apart by nobody', async () => {
    const person = await makePerson()
    const wrong = await anonymousClient().auth.signInWithPassword({ email: person.email, password: 'wrong' })
    const unknown = await anonymousClient().auth.signInWithPassword({ email: anyEmail(), password: 'wrong' })
    expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    expect(unknown.error?.message).toBe(wrong.error?.message)
    expect(unknown.error?.code).toBe(wrong.error?.code)
  })

  test('a password that is guessed at too often is not heard for a while', async () => {
    const person = await makePerson()
    const attempt = () => anonymousClient().auth.signInWithPassword({ email: person.email, password: 'no' })
    // All at once: what counted only failures would hear every one of them.
    const answers = await Promise.all(Array.from({ length: 30 }, attempt))
    expect(answers.filter(({ error }) => error?.status === 429)).toHaveLength(10)
    expect((await attempt()).error).toMatchObject({ status: 429, code: 'over_request_rate_limit' })
  })

  test('short, missing and overlong passwords and odd addresses are refused with their reason', async () => {
    const { auth } = anonymousClient()
    expect((await auth.signUp({ email: anyEmail(), password: 'short' })).error?.code).toBe('weak_password')
    expect((await auth.signUp({ email: 'nobody', password: 'long enough' })).error?.code).toBe(
      'validation_failed',
    )
    const long = await auth.signUp({ email: anyEmail(), password: 'x'.repeat(73) })
    expect(long.error?.code).toBe('validation_failed')
    const broken = await call('/auth/v1/signup', { method: 'POST', body: '{' })
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ error_code: 'bad_json' })
  })

  test('an anonymous person is signed in, is marked as such, and may become one with an address', async () => {
    const client = anonymousClient()
    const { data, error } = await client.auth.signInAnonymously({ options: { data: { from: 'widget' } } })
    expect(error).toBeNull()
    expect(data.user).toMatchObject({ is_anonymous: true, user_metadata: { from: 'widget' } })
    expect(decodeJwt(data.session?.access_token ?? '')).toMatchObject({
      is_anonymous: true,
      role: 'authenticated',
    })
    const email = anyEmail()
    const upgraded = await client.auth.updateUser({ email, password: 'correct horse' })
    expect(upgraded.error).toBeNull()
    expect(upgraded.data.user).toMatchObject({ id: data.user?.id, is_anonymous: false, email })
    const back = await anonymousClient().auth.signInWithPassword({ email, password: 'correct horse' })
    expect(back.data.user?.id).toBe(data.user?.id)
  })
})

describe('refresh', () => {
  test('two tabs that refresh with one token at once both stay signed in', async () => {
    const { client } = await makePerson()
    const { data } = await client.auth.getSession()
    const token = data.session?.refresh_token ?? ''
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => anonymousClient().auth.refreshSession({ refresh_token: token })),
    )
    expect(answers.map(({ error }) => error)).toEqual(answers.map(() => null))
    // One child, whoever was first: the family does not fork.
    expect(new Set(answers.map(({ data: { session } }) => session?.refresh_token)).size).toBe(1)
  })

  test('an answer that was lost is given again; a token from further back ends the session', async () => {
    const { client } = await makePerson()
    const first = (await client.auth.getSession()).data.session?.refresh_token ?? ''
    const refresh = (token: string) => anonymousClient().auth.refreshSession({ refresh_token: token })
    const second = (await refresh(first)).data.session?.refresh_token ?? ''
    expect((await refresh(first)).data.session?.refresh_token).toBe(second)
    const third = (await refresh(second)).data.session?.refresh_token ?? ''
    const sql = postgres(stack.DATABASE_URL, { max: 1 })
    try {
      await sql`update auth.refresh_tokens set updated_at = now() - interval '1 minute' where token in ${sql([first, second])}`
    } finally {
      await sql.end()
    }
    expect((await refresh(second)).data.session?.refresh_token).toBe(third)
    expect((await refresh(first)).error?.code).toBe('refresh_token_already_used')
    expect((await refresh(third)).error?.code).toBe('refresh_token_not_found')
  })

  test('an unknown refresh token is refused as auth-js expects', async () => {
    const { error } = await anonymousClient().auth.refreshSession({ refresh_token: 'nonsense' })
    expect(error).toMatchObject({ status: 400, code: 'refresh_token_not_found' })
  })
})

describe('sign-out', () => {
  const twice = async () => {
    const person = await makePerson()
    const other = anonymousClient()
    await other.auth.signInWithPassword(person)
    return { here: person.client, other }
  }
  const alive = async (client: ReturnType<typeof anonymousClient>) =>
    (await client.auth.refreshSession()).error === null

  test('local ends this session alone', async () => {
    const { here, other } = await twice()
    const token = (await here.auth.getSession()).data.session?.access_token ?? ''
    expect((await here.auth.signOut({ scope: 'local' })).error).toBeNull()
    expect(await alive(other)).toBe(true)
    const after = await call('/auth/v1/user', { headers: { authorization: `Bearer ${token}` } })
    expect(after.status).toBe(403)
    expect(await after.json()).toMatchObject({ error_code: 'session_not_found' })
  })

  test('others ends every session but this one', async () => {
    const { here, other } = await twice()
    await here.auth.signOut({ scope: 'others' })
    expect(await alive(here)).toBe(true)
    expect(await alive(other)).toBe(false)
  })

  test('global ends them all', async () => {
    const { here, other } = await twice()
    await here.auth.signOut()
    expect(await alive(other)).toBe(false)
  })
})

describe('tokens that are not ours', () => {
  const sign = (secret: string, claims: Record<string, unknown>, expires: number | string = '1h') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(secret))

  test.each(['/rest/v1/workspaces', '/auth/v1/user', '/storage/v1/bucket'])(
    '%s: malformed, forged, expired and unsigned bearers are 401, never nobody',
    async (path) => {
      const forged = await sign('x'.repeat(40), { sub: crypto.randomUUID(), role: 'authenticated' })
      const expired = await sign(
        stack.JWT_SECRET,
        { role: 'authenticated' },
        Math.floor(Date.now() / 1000) - 10,
      )
      const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"role":"service_role"}')}.`
      const tokens = {
        garbage: 'garbage',
        dotted: 'a.b.c',
        empty: '',
        forged,
        expired,
        unsigned,
        key: 'sb_secret_guess',
      }
      const statuses: Record<string, number> = {}
      for (const [kind, token] of Object.entries(tokens)) {
        const response = await call(path, { headers: { authorization: `Bearer ${token}` } })
        statuses[kind] = response.status
      }
      expect(statuses).toEqual(Object.fromEntries(Object.keys(tokens).map((kind) => [kind, 401])))
    },
  )

  test('a role that is no role of the API is refused, though the signature is ours', async () => {
    const token = await sign(stack.JWT_SECRET, { role: 'postgres' })
    const response = await call('/rest/v1/workspaces', { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(401)
  })

  test('a missing or wrong api key is told', async () => {
    const none = await fetch(`${stack.SUPABASE_URL}/rest/v1/workspaces`)
    expect(none.status).toBe(401)
    expect(none.headers.get('sb-error-code')).toBe('UNAUTHORIZED_MISSING_API_KEY')
    const wrong = await call('/rest/v1/workspaces', { headers: { apikey: 'sb_publishable_other' } })
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('sb-error-code')).toBe('UNAUTHORIZED_INVALID_API_KEY')
  })

  test('the secret key is refused from a browser', async () => {
    const response = await call('/rest/v1/workspaces', {
      headers: { apikey: stack.SUPABASE_SECRET_KEY, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
    })
    expect(response.status).toBe(401)
  })
})

describe('auth.admin', () => {
  test('creates, reads, lists, changes and deletes people', async () => {
    const { admin } = adminClient().auth
    const email = anyEmail()
    const made = await admin.createUser({
      email,
      password: 'correct horse',
      email_confirm: true,
      user_metadata: { display_name: 'Rui' },
      app_metadata: { plan: 'free' },
    })
    expect(made.error).toBeNull()
    const id = made.data.user?.id ?? ''
    expect((await admin.getUserById(id)).data.user).toMatchObject({
      email,
      user_metadata: { display_name: 'Rui' },
      app_metadata: { plan: 'free', provider: 'email' },
    })
    const listed = await admin.listUsers({ page: 1, perPage: 2 })
    expect(listed.data.users.length).toBeLessThanOrEqual(2)
    expect((listed.data as { total: number }).total).toBeGreaterThan(0)
    const changed = await admin.updateUserById(id, {
      password: 'another horse',
      user_metadata: { display_name: null, seen: 1 },
    })
    expect(changed.data.user?.user_metadata).toMatchObject({ seen: 1 })
    expect(changed.data.user?.user_metadata).not.toHaveProperty('display_name')
    expect(
      (await anonymousClient().auth.signInWithPassword({ email, password: 'another horse' })).error,
    ).toBeNull()
    expect((await admin.deleteUser(id)).error).toBeNull()
    expect((await admin.getUserById(id)).error).toMatchObject({ status: 404 })
    expect((await admin.createUser({ email: 'bad' })).error?.code).toBe('validation_failed')
  })

  test('a person who is not confirmed, banned or deleted does not get in', async () => {
    const { admin } = adminClient().auth
    const email = anyEmail()
    const { data } = await admin.createUser({ email, password: 'correct horse' })
    const id = data.user?.id ?? ''
    const signIn = () => anonymousClient().auth.signInWithPassword({ email, password: 'correct horse' })
    expect((await signIn()).error?.code).toBe('email_not_confirmed')
    await admin.updateUserById(id, { email_confirm: true })
    const session = (await signIn()).data.session
    await admin.updateUserById(id, { ban_duration: '1h' })
    expect((await signIn()).error?.code).toBe('user_banned')
    const refresh = await anonymousClient().auth.refreshSession({
      refresh_token: session?.refresh_token ?? '',
    })
    expect(refresh.error?.code).toBe('user_banned')
    await admin.updateUserById(id, { ban_duration: 'none' })
    expect((await signIn()).error).toBeNull()
    await admin.deleteUser(id, true)
    expect((await signIn()).error?.code).toBe('invalid_credentials')
  })

  test('is closed to the publishable key and to a signed-in person', async () => {
    const person = await makePerson()
    for (const client of [anonymousClient(), person.client]) {
      const { error } = await client.auth.admin.createUser({ email: anyEmail() })
      expect(error).toMatchObject({ status: 403, code: 'not_admin' })
    }
  })

  test('a link signs in once, and never to another site', async () => {
    const person = await makePerson()
    const { data, error } = await adminClient().auth.admin.generateLink({
      type: 'magiclink',
      email: person.email,
      options: { redirectTo: 'https://evil.example/' },
    })
    expect(error).toBeNull()
    const link = new URL(data.properties?.action_link ?? '')
    const opened = await fetch(link, { redirect: 'manual' })
    expect(opened.status).toBe(303)
    const back = new URL(opened.headers.get('location') ?? '')
    expect(back.origin).toBe(stack.SUPABASE_URL)
    const token = new URLSearchParams(back.hash.slice(1)).get('access_token')
    expect(decodeJwt(token ?? '').sub).toBe(person.id)
    const again = await fetch(link, { redirect: 'manual' })
    expect(again.headers.get('location')).toContain('error_code=otp_expired')
  })

  test('the digits of a mail count with the address alone, and are guarded against guessing', async () => {
    const person = await makePerson()
    const { data } = await adminClient().auth.admin.generateLink({ type: 'recovery', email: person.email })
    const digits = data.properties?.email_otp ?? ''
    const verify = (email: string, token: string) =>
      anonymousClient().auth.verifyOtp({ email, token, type: 'recovery' })
    expect((await verify(anyEmail(), digits)).error?.code).toBe('otp_expired')
    expect((await verify(person.email, digits)).data.user?.id).toBe(person.id)
    const wrong = digits === '000000' ? '000001' : '000000'
    for (let i = 0; i < 20; i++) await verify(person.email, wrong)
    expect((await verify(person.email, wrong)).error?.status).toBe(429)
  })
})

describe('what clients ask first', () => {
  test('health, settings and keys answer without a person', async () => {
    expect((await fetch(`${stack.SUPABASE_URL}/auth/v1/health`)).status).toBe(200)
    const settings = await (await fetch(`${stack.SUPABASE_URL}/auth/v1/settings`)).json()
    expect(settings).toMatchObject({
      external: { email: true, anonymous_users: true },
      disable_signup: false,
    })
    const keys = await (await fetch(`${stack.SUPABASE_URL}/auth/v1/.well-known/jwks.json`)).json()
    expect(keys).toEqual({ keys: [] })
  })

  test('getClaims works without a public key', async () => {
    const { client, id } = await makePerson()
    const { data, error } = await client.auth.getClaims()
    expect(error).toBeNull()
    expect(data?.claims.sub).toBe(id)
  })

  test('a preflight from another origin may send what supabase-js sends', async () => {
    const response = await fetch(`${stack.SUPABASE_URL}/auth/v1/token`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,apikey,content-type,x-supabase-api-version',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization')
  })

  test('an address that Auth does not know is said to be so', async () => {
    const { error } = await anonymousClient().auth.signInWithSSO({ domain: 'example.com' })
    expect(error?.status).toBe(404)
  })
})
