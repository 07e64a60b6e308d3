import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifyToken, isProjectKey, type VerifyToken } from './verify-token.ts'

const secret = 'a shared secret of at least thirty-two bytes'
const person = '7b0e3c0e-6f0e-4c3e-9b1e-0a5d1c2b3a4f'
type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let ours: Keys
let theirs: Keys
let verify: VerifyToken

beforeAll(async () => {
  ;[ours, theirs] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'ours', alg: 'ES256' }] })
  verify = createVerifyToken({
    url: 'http://127.0.0.1:9',
    secretKey: 'sb_secret_x',
    secretKeys: [],
    jwtSecret: secret,
    jwks,
  })
})

function token(claims: JWTPayload = {}, alg = 'ES256') {
  return new SignJWT({ sub: person, aud: 'authenticated', ...claims })
    .setProtectedHeader({ alg, ...(alg === 'ES256' ? { kid: 'ours' } : {}) })
    .setExpirationTime(claims.exp ?? '1h')
}
const shared = new TextEncoder().encode(secret)

describe('a token', () => {
  test('of the project’s own key is checked with the key set', async () => {
    expect(await verify(await token().sign(ours.privateKey))).toEqual({
      ok: true,
      caller: { person, anonymous: false, checkedWith: 'jwks' },
    })
  })

  test('of the shared secret is checked with it', async () => {
    expect(await verify(await token({ is_anonymous: true }, 'HS256').sign(shared))).toEqual({
      ok: true,
      caller: { person, anonymous: true, checkedWith: 'shared secret' },
    })
  })

  test('is refused with a reason that says what to look at', async () => {
    const past = Math.floor(Date.now() / 1000) - 60
    const cases: [Promise<string> | string, RegExp][] = [
      [token({ exp: past }).sign(ours.privateKey), /expired/],
      [token({ exp: past }, 'HS256').sign(shared), /expired/],
      [token().sign(theirs.privateKey), /signature/],
      [
        token({}, 'HS256').sign(new TextEncoder().encode('another secret of at least thirty-two bytes')),
        /signature/,
      ],
      [token({ aud: 'anon' }).sign(ours.privateKey), /aud/],
      [token({ sub: '' }).sign(ours.privateKey), /nobody/],
      ['not a token', /not a token/],
      ['', /not a token/],
      [`${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`, /none/],
    ]
    for (const [given, reason] of cases) {
      expect(await verify(await given)).toEqual({
        ok: false,
        reason: expect.stringMatching(reason) as string,
      })
    }
  })

  test('signed with the public key as if it were a shared secret is refused', async () => {
    const confused = await token({}, 'HS256').sign(
      new TextEncoder().encode(JSON.stringify(await exportJWK(ours.publicKey))),
    )
    expect(await verify(confused)).toMatchObject({ ok: false })
  })

  test('of the shared secret is refused where the function does not know it', async () => {
    const without = createVerifyToken({ url: 'http://127.0.0.1:9', secretKey: 'x', secretKeys: [] })
    expect(await without(await token({}, 'HS256').sign(shared))).toMatchObject({
      ok: false,
      reason: /does not know/,
    })
  })
})

test('keys are fetched from the project when none are given inline, an empty set counts as none', async () => {
  const keys = [{ ...(await exportJWK(ours.publicKey)), kid: 'ours', alg: 'ES256' }]
  const server: Server = createServer((request, response) => {
    response.statusCode = request.url === '/auth/v1/.well-known/jwks.json' ? 200 : 404
    response.end(JSON.stringify({ keys }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const fetching = createVerifyToken({ url, secretKey: 'x', secretKeys: [], jwks: '{"keys":[]}' })
    expect(await fetching(await token().sign(ours.privateKey))).toMatchObject({ ok: true })
  } finally {
    server.close()
  }
})

test('a project’s own keys are told from people’s tokens', async () => {
  const signed = (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(shared)
  expect(isProjectKey('sb_publishable_x')).toBe(true)
  expect(isProjectKey(await signed({ role: 'anon' }))).toBe(true)
  expect(isProjectKey(await signed({ role: 'service_role' }))).toBe(true)
  expect(isProjectKey(await signed({ role: 'authenticated', sub: person }))).toBe(false)
  expect(isProjectKey('not a token')).toBe(false)
})
