import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { NEWEST_MIGRATION } from '../../supabase/functions/health/installation.ts'
import { makePerson } from '../harness/people.ts'
import { openDatabase } from '../sql/log.ts'

const sql = openDatabase()
afterAll(() => sql.end())

interface Health {
  ok: boolean
  parts: Record<string, { ok: boolean; reason: string }>
}

async function ask(
  headers: Record<string, string> = {},
): Promise<{ status: number; health: Health; text: string }> {
  const response = await fetch(`${inject('stack').SUPABASE_URL}/functions/v1/health`, { headers })
  const text = await response.text()
  return { status: response.status, health: JSON.parse(text) as Health, text }
}

describe('the function health', () => {
  test('finds a fresh installation sound, part by part, and gives no secret away', async () => {
    const { status, health, text } = await ask()
    expect(health).toMatchObject({ ok: true })
    expect(status).toBe(200)
    expect(Object.keys(health.parts).sort()).toEqual(
      [
        'compaction',
        'database',
        'invitations',
        'migrations',
        'profiles',
        'realtime',
        'storage',
        'tokens',
      ].sort(),
    )
    const { SUPABASE_SECRET_KEY, JWT_SECRET, DATABASE_URL } = inject('stack')
    for (const secret of [SUPABASE_SECRET_KEY, JWT_SECRET, DATABASE_URL]) expect(text).not.toContain(secret)
  })

  test('says with what a person’s token was checked', async () => {
    const { client } = await makePerson()
    const { data } = await client.auth.getSession()
    const good = await ask({ authorization: `Bearer ${data.session?.access_token}` })
    expect(good.health.parts['tokens']).toMatchObject({
      ok: true,
      reason: expect.stringContaining('shared secret') as string,
    })
  })

  test('names the part that is missing and what to do about it', async () => {
    // Renamed, so that it still holds for the tests beside this one.
    await sql`alter policy "agents add attachments" on storage.objects rename to "elsewhere"`
    try {
      const { status, health } = await ask()
      expect(status).toBe(503)
      expect(health.parts['storage']).toEqual({
        ok: false,
        reason: expect.stringContaining('lay_storage_policies') as string,
      })
      expect(health.parts['realtime']).toMatchObject({ ok: true })
    } finally {
      await sql`alter policy "elsewhere" on storage.objects rename to "agents add attachments"`
    }
    expect((await ask()).status).toBe(200)
  })

  test('answers GET alone', async () => {
    const response = await fetch(`${inject('stack').SUPABASE_URL}/functions/v1/health`, { method: 'POST' })
    expect([response.status, await response.json()]).toMatchObject([405, { code: 'method_not_allowed' }])
  })

  test('knows the newest migration', () => {
    const files = readdirSync('supabase/migrations')
      .filter((name) => name.endsWith('.sql'))
      .sort()
    expect(files.at(-1)?.split('_')[0]).toBe(NEWEST_MIGRATION)
  })
})

test('every function is sound to Deno’s type checker, offline', { timeout: 120_000 }, () => {
  const { runInstall } = createRequire(import.meta.url)('deno/install_api.cjs') as { runInstall(): string }
  const entries = readdirSync('supabase/functions', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(({ name }) => `supabase/functions/${name}/index.ts`)
  const checked = spawnSync(
    runInstall(),
    [
      'check',
      '--quiet',
      '--cached-only',
      '--node-modules-dir=manual',
      '--no-lock',
      '--config',
      'supabase/functions/deno.json',
      ...entries,
    ],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' } },
  )
  expect(checked.stderr).toBe('')
  expect(checked.status).toBe(0)
})
