import type { Sql } from 'postgres'
import type { MigrationReport } from './migrate.ts'
import { errorCode } from './log.ts'
import { json } from './json-response.ts'
import { version } from './project.ts'

interface Watched {
  sql: Sql
  migrations: MigrationReport
  functions: () => { running: boolean; hosted: string[]; reason?: string }
  realtime: () => boolean
  startedAt: number
  /** False while the start still works on it: the demo workspace, the file of addresses and keys. */
  ready: boolean
}

/** 200 when every part answers, 503 with the reason when one does not. */
export async function reportHealth(watched: Watched): Promise<Response> {
  const { sql, migrations, functions, startedAt, ready } = watched
  const realtime = watched.realtime()
  const problems: string[] = []
  if (!ready) problems.push('starting')
  const database = await Promise.race([
    sql<{ version: string }[]>`select current_setting('server_version') as version`.then(
      ([row]) => row?.version ?? null,
      (error: unknown) => void problems.push(`database: ${errorCode(error)}`),
    ),
    new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), 2_000).unref()
    }),
  ])
  if (database === undefined && !problems.some((problem) => problem.startsWith('database')))
    problems.push('database: no answer within 2 s')
  const hosted = functions()
  if (!hosted.running && hosted.hosted.length > 0)
    problems.push(`functions: ${hosted.reason ?? 'not running'}`)
  if (!realtime) problems.push('realtime: does not hear the database')
  const ok = problems.length === 0
  return json(
    {
      ok,
      ...(ok ? {} : { problems }),
      version,
      database: database ?? null,
      migrations: { applied: migrations.total, latest: migrations.latest },
      functions: { running: hosted.running, names: hosted.hosted },
      realtime,
      uptime: Math.round((Date.now() - startedAt) / 1000),
    },
    ok ? 200 : 503,
    { 'cache-control': 'no-store' },
  )
}
