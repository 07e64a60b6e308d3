import postgres from 'postgres'
import { afterAll, describe, inject } from 'vitest'
import { makeLogServer } from '../../src/sync/supabase/log-server.ts'
import { describeLogServerContract } from '../../src/sync/testing/log-server-contract.ts'
import { compactNow, growOldAndTrim } from '../harness/compaction.ts'
import { addMember, anonymousClient, makePerson, makeWorkspace } from '../harness/people.ts'

describe('push and pull in SQL, through supabase-js', () => {
  const sql = postgres(inject('stack').DATABASE_URL, { max: 1, onnotice() {} })
  afterAll(() => sql.end())

  describeLogServerContract(async () => {
    const workspace = await makeWorkspace(await makePerson())
    return {
      workspace,
      async person(role) {
        const person = await makePerson()
        if (role) await addMember(workspace, person, role)
        return makeLogServer(person.client, person.id)
      },
      nobody: makeLogServer(anonymousClient(), 'nobody'),
      async forgetAfter(document, seq) {
        await sql`delete from public.doc_updates where doc_id = ${document} and seq > ${seq}`
        await sql`update public.docs set head_seq = ${seq} where id = ${document}`
      },
      snapshot: async (document) => void (await compactNow([document])),
      trim: (document) => growOldAndTrim(sql, document),
    }
  })
})
