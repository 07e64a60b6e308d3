import type { SupabaseClient } from '@supabase/supabase-js'
import { IDBFactory } from 'fake-indexeddb'
import postgres from 'postgres'
import { afterAll, describe, inject } from 'vitest'
import { makeTokenStore } from '../../src/sync/browser/token-store.ts'
import type { LogServer } from '../../src/sync/ports.ts'
import { makeBareClient } from '../../src/sync/supabase/bare-client.ts'
import { makeLogServer } from '../../src/sync/supabase/log-server.ts'
import { describeLogServerContract } from '../../src/sync/testing/log-server-contract.ts'
import { compactNow, growOldAndTrim } from '../harness/compaction.ts'
import { addMember, anonymousClient, makePerson, makeWorkspace } from '../harness/people.ts'

/** The client of the service worker, with the session that this one holds. */
async function bareLog(client: SupabaseClient, personId: string): Promise<LogServer> {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
  const tokens = makeTokenStore(new IDBFactory())
  const { data } = await client.auth.getSession()
  if (data.session) await tokens.setItem('auth', JSON.stringify(data.session))
  return makeBareClient({
    url: SUPABASE_URL,
    publishableKey: SUPABASE_PUBLISHABLE_KEY,
    tokens,
    key: 'auth',
    turns: undefined,
    fetch,
    now: Date.now,
  }).logOf(personId)
}

describe.each([
  ['supabase-js', async (client: SupabaseClient, person: string) => makeLogServer(client, person)],
  ['[K6] the bare client of the worker', bareLog],
] as const)('push and pull in SQL, through %s', (_name, logOf) => {
  const sql = postgres(inject('stack').DATABASE_URL, { max: 1, onnotice() {} })
  afterAll(() => sql.end())

  describeLogServerContract(async () => {
    const workspace = await makeWorkspace(await makePerson())
    return {
      workspace,
      async person(role) {
        const person = await makePerson()
        if (role) await addMember(workspace, person, role)
        return await logOf(person.client, person.id)
      },
      nobody: await logOf(anonymousClient(), 'nobody'),
      async forgetAfter(document, seq) {
        await sql`delete from public.doc_updates where doc_id = ${document} and seq > ${seq}`
        await sql`update public.docs set head_seq = ${seq} where id = ${document}`
      },
      snapshot: async (document) => void (await compactNow([document])),
      trim: (document) => growOldAndTrim(sql, document),
    }
  })
})
