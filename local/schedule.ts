import { Cron } from 'croner'
import type { Sql } from 'postgres'
import type { Listener } from './listener.ts'
import { errorCode, type Log } from './log.ts'

// Runs what cron.schedule() asked for, as pg_cron does: in UTC, one run of a job at a time (a run that
// is still going when the next is due delays it), and a row in cron.job_run_details for each.

export interface Schedule {
  stop(): Promise<void>
}

interface Job {
  jobid: string
  schedule: string
  command: string
  database: string
  username: string
}

const keepRuns = 200

export async function startSchedule(sql: Sql, listener: Listener, log: Log): Promise<Schedule> {
  const [own] = await sql`select from pg_extension where extname = 'pg_cron'`
  if (own) return { stop: async () => {} }

  const timers = new Map<string, { job: Job; cron: Cron }>()
  const running = new Map<string, Promise<void>>()
  const waiting = new Set<string>()
  let stopped = false
  let loading = Promise.resolve()

  async function load(): Promise<void> {
    const jobs = await sql<Job[]>`
      select jobid::text, schedule, command, database, username from cron.job
      where active and database = current_database()`
    for (const [id, { job, cron }] of timers) {
      const still = jobs.find(({ jobid }) => jobid === id)
      if (still?.schedule === job.schedule && still.command === job.command) continue
      cron.stop()
      timers.delete(id)
    }
    for (const job of jobs) {
      if (stopped || timers.has(job.jobid)) continue
      try {
        timers.set(job.jobid, { job, cron: timer(job, () => due(job)) })
      } catch {
        log.warn(`Schedule: job ${job.jobid} has a schedule that cannot be read.`)
      }
    }
  }

  function due(job: Job): void {
    const before = running.get(job.jobid)
    // One run may wait for the one that is going; more would only pile up.
    if (stopped || (before && waiting.has(job.jobid))) return
    if (before) waiting.add(job.jobid)
    const mine = runAfter(before, job)
    running.set(job.jobid, mine)
    void mine.finally(() => {
      if (running.get(job.jobid) === mine) running.delete(job.jobid)
    })
  }

  async function runAfter(before: Promise<void> | undefined, job: Job): Promise<void> {
    await before
    waiting.delete(job.jobid)
    if (!stopped) await run(sql, job, log)
  }

  const reload = () => {
    loading = loading.then(load).catch((error: unknown) => log.warn(`Schedule: ${errorCode(error)}`))
  }
  // Also told after every loss of the connection, so a database that was away loses no change.
  await listener.listen('tideline_cron', reload, reload)

  return {
    async stop() {
      stopped = true
      for (const { cron } of timers.values()) cron.stop()
      await Promise.allSettled(running.values())
    },
  }
}

function timer({ schedule }: Job, work: () => void): Cron {
  const [, seconds] = /^\s*(\d+) +seconds?\s*$/i.exec(schedule) ?? []
  const options = { timezone: 'UTC', unref: true }
  if (seconds) return new Cron('* * * * * *', { ...options, interval: Number(seconds) }, work)
  // pg_cron writes the last day of the month as $, croner as L.
  return new Cron(schedule.trim().replace('$', 'L'), options, work)
}

async function run(sql: Sql, { jobid, command, database, username }: Job, log: Log): Promise<void> {
  try {
    const [details] = await sql<{ runid: string }[]>`
      insert into cron.job_run_details (jobid, database, username, command, status, start_time)
      values (${jobid}, ${database}, ${username}, ${command}, 'running', clock_timestamp()) returning runid`
    const runid = details?.runid ?? '0'
    let status = 'succeeded'
    let message = ''
    try {
      const result = await sql.unsafe(command).simple()
      message = `${result.command ?? 'OK'} ${result.count ?? ''}`.trim()
    } catch (error) {
      status = 'failed'
      message = error instanceof Error ? `ERROR: ${error.message}` : 'ERROR'
      log.warn(`Schedule: job ${jobid} failed (${errorCode(error)}).`)
    }
    await sql`
      update cron.job_run_details set status = ${status}, return_message = ${message}, end_time = clock_timestamp(),
        job_pid = pg_backend_pid() where runid = ${runid}`
    await sql`
      delete from cron.job_run_details where jobid = ${jobid} and runid < (
        select min(runid) from (
          select runid from cron.job_run_details where jobid = ${jobid} order by runid desc limit ${keepRuns}
        ) as kept)`
  } catch (error) {
    // The database is away: the next due time tries again.
    log.warn(`Schedule: job ${jobid} could not run (${errorCode(error)}).`)
  }
}
