import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { failToStart, launch, type RunningStack, runStack } from '../harness/running-stack.ts'
import { isAlive } from '../../local/processes.ts'
import { until } from '../harness/until.ts'

let folder: string
const running: RunningStack[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-life-'))
})

afterEach(async () => {
  for (const stack of running.splice(0)) await stack.kill('SIGINT')
  // A test that failed half-way may have left a database behind: a start finds it and ends it.
  const pid = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (pid !== undefined) await (await runStack(folder)).kill('SIGINT')
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}): Promise<RunningStack> {
  const stack = await runStack(folder, env)
  running.push(stack)
  return stack
}

async function signedIn({ url, env }: RunningStack, person: '' | '_2' = '') {
  const client = createClient(url, env['SUPABASE_PUBLISHABLE_KEY'] ?? '', {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
  })
  const { error } = await client.auth.signInWithPassword({
    email: env[`DEMO_EMAIL${person}`] ?? '',
    password: env[`DEMO_PASSWORD${person}`] ?? '',
  })
  expect(error).toBeNull()
  return client
}

const postmasterPid = async () =>
  Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])

describe('npm start', { timeout: 90_000 }, () => {
  test('makes a demo that both people find, keeps its secrets to itself, and closes cleanly', async () => {
    const stack = await start()
    for (const person of ['', '_2'] as const) {
      const { data } = await (await signedIn(stack, person)).rpc('my_workspaces')
      expect(data).toMatchObject([{ name: 'Norte Frio', role: person === '' ? 'owner' : 'agent' }])
    }
    for (const file of ['env', 'keys.json', 'lock', 'postgres.log']) {
      expect((await stat(join(folder, file))).mode & 0o077).toBe(0)
    }
    expect(stack.output()).toContain(stack.env['DEMO_PASSWORD'])
    expect(stack.output()).not.toContain(stack.env['SUPABASE_SECRET_KEY'])
    expect(stack.output()).not.toContain(new URL(stack.env['DATABASE_URL'] ?? '').password)
    const database = await postmasterPid()
    expect(await stack.kill('SIGINT')).toBe(0)
    expect(isAlive(database)).toBe(false)
    await expect(stat(join(folder, 'lock'))).rejects.toThrow('ENOENT')
    // A second start makes no second demo.
    const again = await start()
    expect((await (await signedIn(again)).rpc('my_workspaces')).data).toHaveLength(1)
  })

  test('a second start on the same folder is refused in one line that names the first', async () => {
    const stack = await start()
    const second = await failToStart(['--port', '0', '--data', folder])
    expect(second.code).toBe(1)
    expect(second.output.trim().split('\n')).toHaveLength(1)
    expect(second.output).toContain(`in use by the process ${stack.pid}`)
    const reset = await failToStart(['--port', '0', '--data', folder, '--reset'])
    expect(reset.output).toContain(`in use by the process ${stack.pid}`)
    expect((await fetch(`${stack.url}/healthz`)).status).toBe(200)
  })

  test('a lock is stale when its process is gone, and when its id was given to another', async () => {
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 - 1, started: 'then' }))
    await (await start()).kill('SIGINT')
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'another boot:1' }))
    await (await start()).kill('SIGINT')
    await writeFile(join(folder, 'lock'), 'half a lo')
    expect((await start()).pid).toBeGreaterThan(0)
  })

  test('kill -9 while people write loses nothing that was acknowledged', async () => {
    const stack = await start()
    const client = await signedIn(stack)
    const acknowledged: string[] = []
    const writing = new AbortController()
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; !writing.signal.aborted; n++) {
        const name = `w${writer}-${n}`
        const { error } = await client.rpc('create_workspace', { name })
        if (error) break
        acknowledged.push(name)
        const up = await client.storage.from('attachments').upload('never', new Blob(['x']))
        if (up.error?.name === 'StorageUnknownError') break
      }
    })
    await until(
      () => acknowledged.length,
      (n) => n >= 40,
    )
    const orphan = await postmasterPid()
    await stack.kill('SIGKILL')
    writing.abort()
    await Promise.all(writers)
    // PostgreSQL outlives the stack; the next start recognises it as its own and ends it.
    expect(isAlive(orphan)).toBe(true)
    const again = await start()
    expect(isAlive(orphan)).toBe(false)
    expect(again.output()).toContain('Stopped the PostgreSQL that an earlier start left behind.')
    const { data } = await (await signedIn(again)).rpc('my_workspaces')
    const names = new Set((data as { name: string }[]).map(({ name }) => name))
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([])
  })

  test('kill -9 of the stack and of its database together recovers by itself', async () => {
    const stack = await start()
    const client = await signedIn(stack)
    expect((await client.rpc('create_workspace', { name: 'kept' })).error).toBeNull()
    const database = await postmasterPid()
    await stack.kill('SIGKILL')
    process.kill(database, 'SIGKILL')
    const { data } = await (await signedIn(await start())).rpc('my_workspaces')
    expect((data as { name: string }[]).map(({ name }) => name)).toContain('kept')
  })

  test('a database that dies under a running stack is 503 with the reason, then comes back', async () => {
    const stack = await start()
    const sql = postgres(stack.env['DATABASE_URL'] ?? '', { max: 1, backoff: () => 0.1, onnotice() {} })
    await sql`create table public.beats (at timestamptz default now())`
    await sql`select cron.schedule('beat', '1 second', 'insert into public.beats default values')`
    const seen = new Set<number>()
    const watch = until(
      async () => {
        const response = await fetch(`${stack.url}/healthz`)
        seen.add(response.status)
        return { status: response.status, sawIt: seen.has(503) }
      },
      ({ status, sawIt }) => status === 200 && sawIt,
      30_000,
    )
    process.kill(await postmasterPid(), 'SIGKILL')
    await watch
    await until(
      async () => (await signedIn(stack)).rpc('my_workspaces'),
      ({ error }) => error === null,
    )
    // Schedule, notifier and the watch of the schema go on over new connections.
    const beats = async () =>
      (await sql<{ n: number }[]>`select count(*)::int as n from public.beats`)[0]?.n ?? 0
    const before = await until(beats, () => true)
    expect(await until(beats, (n) => n > before)).toBeGreaterThan(before)
    const [request] = await sql<{ id: string }[]>`select net.http_get(${`${stack.url}/healthz`}) as id`
    await until(
      async () => (await sql`select from net._http_response where id = ${request?.id ?? ''}::bigint`).length,
      (n) => n === 1,
    )
    await sql.end()
  })

  test('--reset forgets the data, and touches no folder that is not its own', async () => {
    const stack = await start()
    await (await signedIn(stack)).rpc('create_workspace', { name: 'to be forgotten' })
    await stack.kill('SIGINT')
    const { child } = launch(['--port', '0', '--data', folder, '--reset'])
    await until(
      () => readFile(join(folder, 'env'), 'utf8').catch(() => ''),
      (env) => env !== '' && !env.includes(stack.env['SUPABASE_SECRET_KEY'] ?? 'none'),
      60_000,
    )
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    await ended
    const other = await mkdtemp(join(tmpdir(), 'tideline-other-'))
    await writeFile(join(other, 'thesis.txt'), 'years of work')
    const refused = await failToStart(['--port', '0', '--data', other, '--reset'])
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('Nothing was removed')
    expect(await readFile(join(other, 'thesis.txt'), 'utf8')).toBe('years of work')
    await rm(other, { recursive: true })
  })

  test('a data folder inside a folder that is closed to others works, also for root', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const stack = await runStack(join(closed, 'data'))
    expect((await fetch(`${stack.url}/healthz`)).status).toBe(200)
    expect(await stack.kill('SIGINT')).toBe(0)
    expect((await stat(closed)).mode & 0o777).toBe(0o700)
  })

  test('what cannot start says why in a line: a taken port, a database that is away', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const onPort = await failToStart(['--port', String(port), '--data', folder])
    expect(onPort).toMatchObject({
      code: 1,
      output: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`),
    })
    await new Promise((resolve) => taken.close(resolve))
    const away = await failToStart(['--port', '0', '--data', folder], {
      DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none`,
    })
    expect(away).toMatchObject({ code: 1, output: expect.stringContaining('DATABASE_URL cannot be reached') })
  })

  test('failing SQL leaves no word of a person in any log', async () => {
    const stack = await start()
    const client = await signedIn(stack)
    const word = 'zanzibar-confidential'
    await client.from('profiles').update({ locale: word }).eq('display_name', word)
    await client.from('profiles').insert({ user_id: word, display_name: word })
    await client.from('memberships').insert({ user_id: word, role: word })
    await client.rpc('create_workspace', { name: word.repeat(2000) })
    await client.rpc('push', { ops: [{ doc: word, op_id: word, update: word }] })
    await client.auth.signInWithPassword({ email: `${word}@example.com`, password: word })
    await client.storage.from(word).upload(word, new Blob([word]))
    await fetch(`${stack.url}/rest/v1/${word}?select=${word}`, {
      headers: { apikey: stack.env['SUPABASE_PUBLISHABLE_KEY'] ?? '' },
    })
    expect(stack.output()).not.toContain('zanzibar')
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).not.toContain('zanzibar')
  })
})
