import { readEnvironment } from '../_shared/environment.ts'
import { createVerifyToken, isProjectKey } from '../_shared/verify-token.ts'
import { checkInstallation } from './installation.ts'

// GET → 200 or 503 with { ok, parts: { <part>: { ok, reason } } }. With a person's token in
// `Authorization` it also says whether functions of this project take that token.

const headers = {
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, apikey, content-type',
}

const environment = readEnvironment((name) => Deno.env.get(name))
const verifyToken = createVerifyToken(environment)

Deno.serve(async (request) => {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
  if (request.method !== 'GET') {
    return Response.json({ code: 'method_not_allowed', message: 'Ask with GET.' }, { status: 405, headers })
  }
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  // supabase-js sends the project's key when nobody is signed in; that is nobody's token.
  const token = bearer && !isProjectKey(bearer) ? bearer : undefined
  const health = await checkInstallation(environment, verifyToken, token)
  return Response.json(health, { status: health.ok ? 200 : 503, headers })
})
