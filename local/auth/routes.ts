import type { Caller } from '../caller.ts'
import { json } from '../json-response.ts'
import { currentUser, signOut, updateAccount } from './account.ts'
import {
  adminCreateUser,
  adminDeleteUser,
  adminGenerateLink,
  adminGetUser,
  adminInvite,
  adminListUsers,
  adminUpdateUser,
} from './admin.ts'
import { AuthError, invalid } from './auth-error.ts'
import { allowedRedirect } from './one-time-links.ts'
import type { AuthService } from './service.ts'
import { type Body, mailLink, refresh, signInWithPassword, signUp, verify } from './sign-in.ts'
import { presentUser } from './users.ts'

/** Paths that a person's browser opens from a mail, or that anybody may read. */
export const openAuthPath = (path: string) =>
  path === '/verify' || path === '/health' || path === '/settings' || path.startsWith('/.well-known/')

export async function answerAuth(
  service: AuthService,
  request: Request,
  url: URL,
  caller: Caller,
): Promise<Response> {
  try {
    const path = url.pathname.slice('/auth/v1'.length)
    return await route(service, request, url, path, caller)
  } catch (error) {
    if (error instanceof AuthError) return error.toResponse()
    throw error
  }
}

async function route(service: AuthService, request: Request, url: URL, path: string, caller: Caller) {
  const redirectTo = url.searchParams.get('redirect_to')
  const call = `${request.method} ${path}`
  if (path.startsWith('/admin/') || call === 'POST /invite') {
    if (caller.role !== 'service_role') throw new AuthError(403, 'not_admin', 'User not allowed')
    return admin(service, request, url, path)
  }
  switch (call) {
    case 'GET /health':
      return json({ name: 'GoTrue', version: 'tideline', description: 'Tideline embedded auth' })
    case 'GET /settings':
      return json(settings)
    case 'GET /.well-known/jwks.json':
      // Tokens are signed with the shared secret (HS256), which has no public half.
      return json({ keys: [] }, 200, { 'cache-control': 'public, max-age=600' })
    case 'POST /signup':
      return json(await signUp(service, await readBody(request)))
    case 'POST /token':
      return json(await token(service, url.searchParams.get('grant_type'), await readBody(request)))
    case 'POST /otp':
    case 'POST /magiclink':
      return json(await mailLink(service, await readBody(request), 'magiclink', redirectTo))
    case 'POST /recover':
      return json(await mailLink(service, await readBody(request), 'recovery', redirectTo))
    case 'POST /resend': {
      const body = await readBody(request)
      return json(await mailLink(service, body, body['type'], redirectTo))
    }
    case 'POST /verify':
      return json(await verify(service, await readBody(request)))
    case 'GET /verify':
      return openLink(service, url)
    case 'GET /user':
      return json(presentUser(await currentUser(service, caller)))
    case 'PUT /user':
      return json(await updateAccount(service, caller, await readBody(request)))
    case 'POST /logout':
      await signOut(service, caller, url.searchParams.get('scope') ?? 'global')
      return new Response(null, { status: 204 })
    default:
      throw new AuthError(404, 'not_found', `There is no ${call} on this stack's Auth`)
  }
}

async function token(service: AuthService, grant: string | null, body: Body) {
  if (grant === 'password') return signInWithPassword(service, body)
  if (grant === 'refresh_token') return refresh(service, body)
  throw new AuthError(400, 'unsupported_grant_type', 'unsupported_grant_type')
}

async function admin(service: AuthService, request: Request, url: URL, path: string) {
  const id = /^\/admin\/users\/([^/]+)$/.exec(path)?.[1]
  const { method } = request
  if (path === '/invite')
    return json(await adminInvite(service, await readBody(request), url.searchParams.get('redirect_to')))
  if (path === '/admin/generate_link' && method === 'POST') {
    return json(
      await adminGenerateLink(service, await readBody(request), url.searchParams.get('redirect_to')),
    )
  }
  if (path === '/admin/users' && method === 'POST')
    return json(await adminCreateUser(service, await readBody(request)))
  if (path === '/admin/users' && method === 'GET') return listUsers(service, url)
  if (id && method === 'GET') return json(await adminGetUser(service, id))
  if (id && method === 'PUT') return json(await adminUpdateUser(service, id, await readBody(request)))
  if (id && method === 'DELETE') {
    const body = await readBody(request)
    return json(await adminDeleteUser(service, id, body['should_soft_delete'] === true))
  }
  throw new AuthError(404, 'not_found', `There is no ${method} ${path} on this stack's Auth`)
}

async function listUsers(service: AuthService, url: URL) {
  const count = (name: string, otherwise: number, most: number) =>
    Math.min(most, Math.max(1, Math.floor(Number(url.searchParams.get(name))) || otherwise))
  const page = count('page', 1, 1_000_000)
  const perPage = count('per_page', 50, 1000)
  const { users, total } = await adminListUsers(service, page, perPage)
  const last = Math.max(1, Math.ceil(total / perPage))
  const link = (to: number, rel: string) => `</admin/users?page=${to}&per_page=${perPage}>; rel="${rel}"`
  const links = page < last ? [link(page + 1, 'next'), link(last, 'last')] : [link(last, 'last')]
  return json({ users, aud: 'authenticated' }, 200, {
    'x-total-count': String(total),
    link: links.join(', '),
  })
}

/** From a mail: signs in and hands the session to the app in the fragment, which no server sees. */
async function openLink(service: AuthService, url: URL) {
  const back = allowedRedirect(service.origin(), url.searchParams.get('redirect_to'))
  const fragment = new URLSearchParams()
  try {
    const type = url.searchParams.get('type')
    const session = await verify(service, { type, token_hash: url.searchParams.get('token') ?? '' })
    for (const name of ['access_token', 'refresh_token', 'expires_in', 'expires_at', 'token_type']) {
      fragment.set(name, String(session[name]))
    }
    fragment.set('type', String(type))
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    fragment.set('error', 'access_denied')
    fragment.set('error_code', error.code)
    fragment.set('error_description', error.message)
  }
  return new Response(null, { status: 303, headers: { location: `${back}#${fragment}` } })
}

async function readBody(request: Request): Promise<Body> {
  const text = await request.text()
  if (text === '') return {}
  try {
    const body: unknown = JSON.parse(text)
    if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Body
  } catch {
    throw new AuthError(400, 'bad_json', 'Could not read the request: it is not JSON')
  }
  throw invalid('The request must be a JSON object')
}

const settings = {
  external: { anonymous_users: true, email: true, phone: false },
  disable_signup: false,
  mailer_autoconfirm: true,
  phone_autoconfirm: false,
  sms_provider: '',
  saml_enabled: false,
}
