import { createDatabase } from '../_shared/database.ts'
import { readEnvironment, secretHeaders } from '../_shared/environment.ts'
import { warn } from '../_shared/log.ts'
import { isSecretCaller } from '../_shared/secret-caller.ts'
import { sweepAttachments } from './sweep.ts'

// POST, with a secret key, by the schedule or by an operator → 200 with what was read and removed, in ids.

const environment = readEnvironment((name) => Deno.env.get(name))
const call = createDatabase(environment)

/** Through the Storage API: it alone removes the file together with its row. */
async function removeObjects(names: readonly string[]): Promise<void> {
  const response = await fetch(`${environment.url}/storage/v1/object/attachments`, {
    method: 'DELETE',
    headers: { ...secretHeaders(environment), 'content-type': 'application/json' },
    body: JSON.stringify({ prefixes: names }),
    signal: AbortSignal.timeout(30_000),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`Storage answered ${response.status}.`)
}

Deno.serve(async (request) => {
  if (request.method !== 'POST') return refuse(405, 'method_not_allowed', 'Ask with POST.')
  if (!isSecretCaller(request, environment)) {
    return refuse(401, 'secret_key_needed', 'Call this function with a secret key of the project.')
  }
  try {
    const report = await sweepAttachments(call, removeObjects)
    for (const { doc, code } of report.failed) warn(`${doc} was not read for its files: ${code}`)
    return Response.json(report)
  } catch (error) {
    warn(error instanceof Error ? error.message : 'unknown')
    return refuse(503, 'not_now', 'The database or the storage did not answer. The next run goes on.')
  }
})

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status })
}
