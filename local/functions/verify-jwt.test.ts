import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFunctions } from './verify-jwt.ts'

test('only what says verify_jwt = false under its own name is open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tideline-config-'))
  const file = join(folder, 'config.toml')
  await writeFile(
    file,
    [
      'verify_jwt = false',
      '[functions.hook]',
      'enabled = true',
      'verify_jwt = false # signed by the sender',
      '[functions."with-dash"]',
      'verify_jwt=false',
      '[functions.closed]',
      'verify_jwt = true',
      '# [functions.commented]',
      '[auth]',
      'verify_jwt = false',
    ].join('\n'),
  )
  expect([...(await openFunctions(file))]).toEqual(['hook', 'with-dash'])
  expect(await openFunctions(join(folder, 'missing.toml'))).toEqual(new Set())
  await rm(folder, { recursive: true })
})
