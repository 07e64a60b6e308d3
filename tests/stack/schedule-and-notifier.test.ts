import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OwnStack, ownStack } from '../harness/own-stack.ts'
import { until } from '../harness/until.ts'

interface Heard {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

let own: OwnStack
let sql: Sql
let listener: Server
let base: string
const heard: Heard[] = []

beforeAll(async () => {
  own = await ownStack()
  sql = postgres(own.stack.databaseUrl, { max: 2, onnotice() {} })
  await sql`create table ticks (id int generated always as identity, job text, at timestamptz default clock_timestamp())`
  listener = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      heard.push({ method, url, headers, body })
      if (url.startsWith('/silent')) return
      response.writeHead(url.startsWith('/moved') ? 302 : 200, {
        'content-type': 'text/plain',
        location: '/elsewhere',
      })
      response.end('an answer')
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
})

afterAll(async () => {
  listener.closeAllConnections()
  listener.close()
  await sql.end()
  await own.dispose()
})

const count = (job: string) => async () => {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from ticks where job = ${job}`
  return row?.n ?? 0
}
const runs = (job: string) => sql<
  { status: string; return_message: string; start_time: Date; end_time: Date }[]
>`
  select d.* from cron.job_run_details d join cron.job j using (jobid) where j.jobname = ${job} order by runid`

describe('the schedule', () => {
  test('an interval of seconds runs again and again, and each run is on record', async () => {
    await sql`select cron.schedule('every second', '1 second', $$insert into ticks (job) values ('a')$$)`
    await until(count('a'), (n) => n >= 3)
    const details = await until(
      () => runs('every second'),
      (rows) => rows.length >= 3 && rows[0]?.status === 'succeeded',
    )
    expect(details[0]).toMatchObject({ status: 'succeeded', return_message: 'INSERT 1' })
    await sql`select cron.unschedule('every second')`
    await until(
      async () => {
        const before = await count('a')()
        const [row] = await sql<
          { n: number }[]
        >`select count(*)::int as n from ticks, pg_sleep(1.5) where job = 'a'`
        return (row?.n ?? 0) - before
      },
      (more) => more === 0,
    )
  })

  test('a job never runs twice at once, however long it takes', async () => {
    await sql`select cron.schedule('slow', '1 second', $$insert into ticks (job) values ('slow'); select pg_sleep(1.6)$$)`
    const details = await until(
      () => runs('slow'),
      (rows) => rows.filter(({ status }) => status === 'succeeded').length >= 2,
    )
    const overlapping = details.filter((run, i) => {
      const before = details[i - 1]
      return before !== undefined && !(before.end_time <= run.start_time)
    })
    expect(overlapping).toEqual([])
    await sql`select cron.unschedule('slow')`
  })

  test('a failing job is told, stops nothing, and is tried again', async () => {
    await sql`select cron.schedule('fails', '1 second', 'select 1/0')`
    const details = await until(
      () => runs('fails'),
      (rows) => rows.filter(({ status }) => status === 'failed').length >= 2,
    )
    expect(details[0]?.return_message).toContain('division by zero')
    await sql`select cron.unschedule('fails')`
  })

  test('cron lines, a changed schedule and a name taken again', async () => {
    const [first] = await sql`select cron.schedule('line', '*/5 * * * *', 'select 1') as id`
    const [second] =
      await sql`select cron.schedule('line', '1 second', $$insert into ticks (job) values ('line')$$) as id`
    expect(second?.['id']).toBe(first?.['id'])
    await until(count('line'), (n) => n >= 1)
    await sql`select cron.unschedule(${first?.['id']}::bigint)`
    for (const schedule of ['61 seconds', '0 seconds', 'sometimes', '* * *']) {
      await expect(sql`select cron.schedule('bad', ${schedule}, 'select 1')`).rejects.toThrow(
        'invalid schedule',
      )
    }
    await expect(sql`select cron.unschedule('never')`).rejects.toThrow('could not find')
  })
})

describe('the notifier', () => {
  const answer = (id: string) =>
    until(
      () => sql`select * from net._http_response where id = ${id}::bigint`,
      (rows) => rows.length === 1,
    ).then(([row]) => row)

  test('a post carries its body, headers and parameters, and its answer is kept', async () => {
    const [request] = await sql<{ id: string }[]>`select net.http_post(
      ${`${base}/hook?a=1`}, ${sql.json({ text: 'olá' })}, ${sql.json({ q: 'x y&z' })}, ${sql.json({ 'X-Own': 'yes' })}) as id`
    expect(await answer(request?.id ?? '')).toMatchObject({
      status_code: 200,
      content: 'an answer',
      content_type: 'text/plain',
      timed_out: false,
      error_msg: null,
    })
    const got = heard.find(({ url }) => url.startsWith('/hook'))
    expect(got).toMatchObject({ method: 'POST', url: '/hook?a=1&q=x%20y%26z' })
    expect(JSON.parse(got?.body ?? '')).toEqual({ text: 'olá' })
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': 'yes' })
  })

  test('a request of a transaction that was rolled back is never sent', async () => {
    await sql
      .begin(async (tx) => {
        await tx`select net.http_get(${`${base}/rolled-back`})`
        throw new Error('no')
      })
      .catch(() => {})
    const [after] = await sql<{ id: string }[]>`select net.http_get(${`${base}/after`}) as id`
    await answer(after?.id ?? '')
    expect(heard.some(({ url }) => url === '/rolled-back')).toBe(false)
  })

  test('silence, a closed port and a redirect are each told as what they are', async () => {
    const [silent] = await sql<
      { id: string }[]
    >`select net.http_get(${`${base}/silent`}, timeout_milliseconds => 300) as id`
    expect(await answer(silent?.id ?? '')).toMatchObject({ status_code: null, timed_out: true })
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const closedPort = (gone.address() as AddressInfo).port
    await new Promise((resolve) => gone.close(resolve))
    const [closed] = await sql<
      { id: string }[]
    >`select net.http_get(${`http://127.0.0.1:${closedPort}/`}) as id`
    expect(await answer(closed?.id ?? '')).toMatchObject({
      status_code: null,
      error_msg: expect.stringContaining('ECONNREFUSED'),
    })
    const [moved] = await sql<{ id: string }[]>`select net.http_get(${`${base}/moved`}) as id`
    expect(await answer(moved?.id ?? '')).toMatchObject({ status_code: 302 })
    await expect(sql`select net.http_get('file:///etc/passwd')`).rejects.toThrow('must begin with http')
  })

  test('a burst is sent whole', async () => {
    await sql`select net.http_get(${`${base}/burst`}, jsonb_build_object('n', n)) from generate_series(1, 100) as n`
    const sent = () => heard.filter(({ url }) => url.startsWith('/burst')).map(({ url }) => url)
    const urls = await until(sent, ({ length }) => length >= 100)
    expect(new Set(urls).size).toBe(100)
  })
})
