import { describe, expect, test } from 'vitest'
import type { VerifyToken } from '../_shared/verify-token.ts'
import { checkInstallation, NEWEST_MIGRATION } from './installation.ts'

const environment = {
  url: 'https://project.example',
  secretKey: 'sb_secret_hidden',
  secretKeys: ['sb_secret_hidden'],
  jwtSecret: 'hidden too',
}
const sound = {
  latest_migration: NEWEST_MIGRATION,
  realtime_send: true,
  realtime_policies: true,
  storage_policies: true,
  profile_trigger: true,
  invitation_secret: true,
  scheduled: true,
  functions_known: true,
  stuck_documents: 0,
}
const refuse: VerifyToken = async () => ({ ok: false, reason: 'The token has expired.' })

/** A project whose database answers so, and which has no public keys. */
const project =
  (answer: () => Response): typeof fetch =>
  async (input) =>
    String(input).endsWith('jwks.json') ? Response.json({ keys: [] }) : answer()

const check = (answer: () => Response, token?: string) =>
  checkInstallation(environment, refuse, token, project(answer))

describe('an installation', () => {
  test('that is sound', async () => {
    expect(await check(() => Response.json(sound))).toMatchObject({ ok: true })
  })

  test.each<[string, () => Response, string, RegExp]>([
    [
      'whose project sleeps',
      () => {
        throw new TypeError('fetch failed')
      },
      'database',
      /does not answer/,
    ],
    ['without migrations', () => new Response('{}', { status: 404 }), 'database', /supabase db push/],
    ['with another secret key', () => new Response('{}', { status: 401 }), 'database', /secret key/],
    ['whose database fails', () => new Response('{}', { status: 500 }), 'database', /500/],
    ['that is behind', () => Response.json({ ...sound, latest_migration: '2026' }), 'migrations', /db push/],
    [
      'that is ahead',
      () => Response.json({ ...sound, latest_migration: '9' }),
      'migrations',
      /functions deploy/,
    ],
    ['set up by hand', () => Response.json({ ...sound, latest_migration: null }), 'migrations', /No record/],
    ['without Realtime', () => Response.json({ ...sound, realtime_send: false }), 'realtime', /polling/],
    [
      'with open topics',
      () => Response.json({ ...sound, realtime_policies: false }),
      'realtime',
      /lay_realtime/,
    ],
    ['with open files', () => Response.json({ ...sound, storage_policies: false }), 'storage', /lay_storage/],
    [
      'without profiles',
      () => Response.json({ ...sound, profile_trigger: false }),
      'profiles',
      /make_profile/,
    ],
    [
      'that cannot sign links',
      () => Response.json({ ...sound, invitation_secret: false }),
      'invitations',
      /secret/,
    ],
    ['without a schedule', () => Response.json({ ...sound, scheduled: false }), 'compaction', /pg_cron/],
    [
      'whose schedule knows no functions',
      () => Response.json({ ...sound, functions_known: false }),
      'compaction',
      /set_functions_access/,
    ],
    [
      'with a document that ends every run',
      () => Response.json({ ...sound, stuck_documents: 2 }),
      'compaction',
      /2 documents/,
    ],
  ])('%s is told so', async (_, answer, name, reason) => {
    const health = await check(answer)
    expect(health.ok).toBe(false)
    expect(health.parts[name]).toEqual({ ok: false, reason: expect.stringMatching(reason) as string })
    expect(JSON.stringify(health)).not.toContain('hidden')
  })

  test('tells a caller why its token is refused', async () => {
    const health = await check(() => Response.json(sound), 'a.b.c')
    expect(health.parts['tokens']).toEqual({ ok: false, reason: 'Yours is refused. The token has expired.' })
  })
})
