import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type OwnStack, ownStack } from '../harness/own-stack.ts'
import { until } from '../harness/until.ts'

const fixtures = fileURLToPath(new URL('../fixtures/functions', import.meta.url))
const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))
let folder: string
let own: OwnStack

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-functions-'))
  await cp(fixtures, folder, { recursive: true })
  // Packages are found upwards from a source, as they are from supabase/functions.
  await symlink(packages, join(folder, 'node_modules'))
  own = await ownStack({ functionsDir: folder, configFile: join(folder, 'config.toml') })
})

afterAll(async () => {
  await own.dispose()
  await rm(folder, { recursive: true, force: true })
})

const call = (path: string, init: RequestInit = {}) => fetch(`${own.stack.url}/functions/v1/${path}`, init)

describe('who may call', () => {
  test('a function is closed to nobody and to forged tokens, and open to a person, unless its config says otherwise', async () => {
    expect((await call('hello')).status).toBe(401)
    expect((await call('hello', { headers: { authorization: 'Bearer a.b.c' } })).status).toBe(401)
    const key = { authorization: `Bearer ${own.stack.publishableKey}` }
    expect((await call('hello', { headers: key })).status).toBe(401)
    expect((await call('open')).status).toBe(200)
    // A webhook signs in its own way: its header is not ours to judge.
    expect((await call('open', { headers: { authorization: 'Bearer theirs' } })).status).toBe(200)
  })

  test('supabase-js invokes it as a person, and the function sees what it should and no more', async () => {
    const client = createClient(own.stack.url, own.stack.publishableKey, {
      auth: { persistSession: false },
      realtime: { transport: WebSocket as never },
    })
    await client.auth.signInAnonymously()
    const { data, error } = await client.functions.invoke('hello/deeper?x=1', { body: { a: 1 } })
    expect(error).toBeNull()
    expect(data).toEqual({
      greeting: 'hello',
      path: '/hello/deeper',
      query: '?x=1',
      method: 'POST',
      body: '{"a":1}',
      bearer: true,
      host: false,
      env: [true, true, true, true],
      home: null,
    })
  })

  test('the secret that opens a worker is not on a command line, where every user of the machine reads it', () => {
    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('functions/main.ts'))
    expect(running.length).toBeGreaterThan(0)
    for (const line of running) expect(line.trim()).toMatch(/functions\/main\.ts$/)
  })

  test('it reads no other file, writes none, and reaches this machine alone', async () => {
    expect(await (await call('open')).json()).toEqual({
      read: 'NotCapable',
      write: 'NotCapable',
      net: 'NotCapable',
    })
  })

  test('a function that is not there is 404, whatever its name looks like', async () => {
    for (const name of ['never', '_shared', '..%2f..%2flocal', 'config.toml']) {
      expect((await call(name)).status).toBe(404)
    }
  })
})

describe('one that misbehaves hurts no other', () => {
  const others = async () => (await call('open')).status

  test('one that throws answers 500 without its words, and goes on', async () => {
    const response = await call('throws')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('words of a person')
    expect((await call('throws?later')).status).toBe(200)
    expect((await call('throws?later')).status).toBe(200)
    expect(await others()).toBe(200)
    const log = await readFile(join(own.dataDir, 'functions.log'), 'utf8')
    expect(log).toContain('nobody awaits this')
  })

  test('one that never returns control is ended; the others answer meanwhile, and it answers again', async () => {
    expect((await call('hangs')).status).toBe(200)
    const stuck = call('hangs?forever')
    expect(await others()).toBe(200)
    expect((await stuck).status).toBe(502)
    expect((await call('hangs')).status).toBe(200)
  })

  test('one that crashes outside of a request is started again with the next', async () => {
    expect((await call('crashes?now')).status).toBe(200)
    await until(
      () => own.warnings.some((line) => line.includes('crashes ended')),
      (ended) => ended,
    )
    expect((await call('crashes')).status).toBe(200)
    expect(await others()).toBe(200)
  })

  test('one that cannot start is 503, says so, and the stack’s health names it', async () => {
    const response = await call('broken')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'BOOT_ERROR' })
    for (let i = 0; i < 2; i++) await call('broken')
    const health = await fetch(`${own.stack.url}/healthz`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ ok: false, problems: ['functions: broken keeps failing'] })
  })
})

describe('bodies and changes', () => {
  test('a body streams through in both directions, with status and headers of the function', async () => {
    const pieces = ['one ', 'two ', 'three']
    const body = new ReadableStream({
      pull(controller) {
        const piece = pieces.shift()
        if (piece === undefined) controller.close()
        else controller.enqueue(new TextEncoder().encode(piece))
      },
    })
    const response = await call('streams', { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(201)
    expect(response.headers.get('x-own')).toBe('yes')
    expect(await response.text()).toBe('one two three')
  })

  test('a changed source is served without a restart of the stack, and a repaired one recovers', async () => {
    const file = join(folder, 'broken', 'index.ts')
    await writeFile(file, `export default { fetch: () => new Response('repaired') }\n`)
    await until(
      async () => (await call('broken')).text(),
      (text) => text === 'repaired',
    )
    await writeFile(file, `export default { fetch: () => new Response('again') }\n`)
    await until(
      async () => (await call('broken')).text(),
      (text) => text === 'again',
    )
    expect((await fetch(`${own.stack.url}/healthz`)).status).toBe(200)
  })
})
