import postgres from 'postgres'
import { inject } from 'vitest'
import { readAsDevice } from './edits.ts'

// The two judges of an update: the server's private.check_yjs_update and Yjs itself.

let sql: postgres.Sql | undefined

/** What the server says of each update: null, or its complaint. */
export async function complaints(updates: readonly Uint8Array[]): Promise<(string | null)[]> {
  sql ??= postgres(inject('stack').DATABASE_URL, { max: 1, onnotice: () => {} })
  const rows = await sql<{ flaw: string | null }[]>`
    select private.check_yjs_update(decode(given.hex, 'hex')) as flaw
    from unnest(${updates.map((update) => Buffer.from(update).toString('hex'))}::text[])
      with ordinality as given (hex, place)
    order by given.place`
  return rows.map((row) => row.flaw)
}

export async function dismissServer(): Promise<void> {
  await sql?.end()
  sql = undefined
}

export function complaintOfYjs(update: Uint8Array): string | null {
  try {
    readAsDevice(update)
    return null
  } catch (error) {
    return String(error)
  }
}
