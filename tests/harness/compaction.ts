import type { Sql } from 'postgres'
import { inject } from 'vitest'
import type { Report } from '../../supabase/functions/compact/compact-documents.ts'
import { until } from './until.ts'

/** As the schedule does, by the function that is served; these documents, or what is due. */
export async function compactNow(docs: readonly string[] | null): Promise<Report> {
  const { SUPABASE_URL, SUPABASE_SECRET_KEY } = inject('stack')
  const response = await fetch(`${SUPABASE_URL}/functions/v1/compact`, {
    method: 'POST',
    headers: { apikey: SUPABASE_SECRET_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(docs ? { docs } : {}),
  })
  if (!response.ok) throw new Error(`compact answered ${response.status} ${await response.text()}`)
  const report = (await response.json()) as Report
  if (report.failed.length > 0) throw new Error(`not compacted: ${JSON.stringify(report.failed)}`)
  return report
}

/** Makes the lines of a document so old that retention lets go of those behind its snapshot. */
export async function growOldAndTrim(sql: Sql, doc: string): Promise<void> {
  await sql`update public.doc_updates set created_at = created_at - interval '40 days' where doc_id = ${doc}`
  await until(
    async () => {
      // It lets nobody wait who finds another at work.
      await sql`select public.trim_log()`
      return await sql`
        select 1 from public.docs d join public.doc_updates u on u.doc_id = d.id
        where d.id = ${doc} and u.seq <= d.snapshot_seq`
    },
    ({ length }) => length === 0,
  )
}
