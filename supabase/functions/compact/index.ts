import { createDatabase } from '../_shared/database.ts'
import { readEnvironment } from '../_shared/environment.ts'
import { warn } from '../_shared/log.ts'
import { isSecretCaller } from '../_shared/secret-caller.ts'
import { compactDocuments } from './compact-documents.ts'

// POST, with a secret key, by the schedule or by an operator → 200 with what was done, in ids and numbers. The body
// may name documents, which are compacted then whether they are due or not: { docs: ["ws/…/board/main"] }.

const environment = readEnvironment((name) => Deno.env.get(name))
const call = createDatabase(environment)

Deno.serve(async (request) => {
  if (request.method !== 'POST') return refuse(405, 'method_not_allowed', 'Ask with POST.')
  if (!isSecretCaller(request, environment)) {
    return refuse(401, 'secret_key_needed', 'Call this function with a secret key of the project.')
  }
  const docs = await readDocs(request)
  if (docs === undefined) return refuse(400, 'bad_request', '`docs` is a list of at most 100 document ids.')
  try {
    const report = await compactDocuments(call, docs)
    for (const { doc, code } of report.failed) warn(`${doc} was not compacted: ${code}`)
    for (const { doc, seq } of report.unreadable) warn(`${doc} has a line that cannot be read: ${seq}`)
    return Response.json(report)
  } catch (error) {
    warn(error instanceof Error ? error.message : 'unknown')
    return refuse(503, 'database_unavailable', 'The database did not answer. The next run goes on.')
  }
})

/** Null: none are named. Undefined: what is named is no list of documents. */
async function readDocs(request: Request): Promise<string[] | null | undefined> {
  const text = await request.text()
  try {
    const { docs = null } = (text === '' ? {} : JSON.parse(text)) as { docs?: unknown }
    if (docs === null) return null
    const isList = Array.isArray(docs) && docs.length <= 100 && docs.every((doc) => typeof doc === 'string')
    return isList ? (docs as string[]) : undefined
  } catch {
    return undefined
  }
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status })
}
