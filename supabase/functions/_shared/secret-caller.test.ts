import { describe, expect, test } from 'vitest'
import { isSecretCaller } from './secret-caller.ts'
import { readEnvironment } from './environment.ts'

const environment = readEnvironment(
  (name) =>
    ({
      SUPABASE_URL: 'https://project.example',
      SUPABASE_SECRET_KEYS: '{"default":"sb_secret_one","other":"sb_secret_two"}',
      SUPABASE_SERVICE_ROLE_KEY: 'a.b.c',
    })[name],
)
const isTaken = (headers: Record<string, string>) =>
  isSecretCaller(new Request('https://project.example', { headers }), environment)

describe('who calls with a secret key', () => {
  test.each([
    { apikey: 'sb_secret_one' },
    { apikey: 'sb_secret_two' },
    { authorization: 'Bearer a.b.c' },
    { apikey: 'sb_publishable_x', authorization: 'bearer sb_secret_one' },
  ])('%o is taken', (headers) => expect(isTaken(headers)).toBe(true))

  test.each([
    {},
    { apikey: '' },
    { apikey: 'sb_secret_on' },
    { apikey: 'sb_secret_onE' },
    { authorization: 'Bearer ' },
    { authorization: 'sb_secret_one' },
    { apikey: 'sb_publishable_x', authorization: 'Bearer a.b.d' },
  ])('%o is not', (headers) => expect(isTaken(headers)).toBe(false))
})
