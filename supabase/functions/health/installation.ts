import { type Environment, secretHeaders } from '../_shared/environment.ts'
import type { VerifyToken } from '../_shared/verify-token.ts'

// Whether an installation is sound, part by part, with what to do where it is not. Reasons are for a
// deployer; no answer of the database is passed on and nothing secret is in them.

interface Part {
  ok: boolean
  reason: string
}

export interface Health {
  ok: boolean
  parts: Record<string, Part>
}

/** The newest file of supabase/migrations that this function was deployed with. */
export const NEWEST_MIGRATION = '20261120000300'

interface Facts {
  latest_migration: string | null
  realtime_send: boolean
  realtime_policies: boolean
  storage_policies: boolean
  profile_trigger: boolean
  invitation_secret: boolean
  scheduled: boolean
  functions_known: boolean
  stuck_documents: number
}

export async function checkInstallation(
  environment: Environment,
  verifyToken: VerifyToken,
  token: string | undefined,
  ask: typeof fetch = fetch,
): Promise<Health> {
  const answer = await askDatabase(environment, ask)
  const parts: Record<string, Part> =
    'reason' in answer
      ? { database: { ok: false, reason: answer.reason } }
      : { database: { ok: true, reason: 'It answers.' }, ...judge(answer.facts) }
  parts['tokens'] = await checkTokens(environment, verifyToken, token, ask)
  return { ok: Object.values(parts).every((part) => part.ok), parts }
}

async function askDatabase(
  environment: Environment,
  ask: typeof fetch,
): Promise<{ facts: Facts } | { reason: string }> {
  let response: Response
  try {
    response = await ask(`${environment.url}/rest/v1/rpc/check_installation`, {
      method: 'POST',
      headers: { ...secretHeaders(environment), 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(5000),
    })
  } catch {
    return { reason: 'The Data API does not answer. Check SUPABASE_URL and that the project is awake.' }
  }
  if (response.ok) return { facts: (await response.json()) as Facts }
  await response.body?.cancel()
  if (response.status === 404) return { reason: 'The migrations were not applied: run `supabase db push`.' }
  if (response.status === 401 || response.status === 403) {
    return { reason: 'The Data API does not take this function’s secret key.' }
  }
  return { reason: `The Data API answered ${response.status}.` }
}

function judge(facts: Facts): Record<string, Part> {
  return {
    migrations: part(
      facts.latest_migration === NEWEST_MIGRATION,
      'All are applied.',
      facts.latest_migration === null
        ? 'No record of applied migrations: apply them with `supabase db push`.'
        : facts.latest_migration < NEWEST_MIGRATION
          ? `Applied up to ${facts.latest_migration}, the newest is ${NEWEST_MIGRATION}: run \`supabase db push\`.`
          : `The database is newer (${facts.latest_migration}) than this function: run \`supabase functions deploy\`.`,
    ),
    realtime: part(
      facts.realtime_send && facts.realtime_policies,
      'It can announce updates, and topics are private.',
      facts.realtime_send
        ? 'The policies of its topics are missing: run `select private.lay_realtime_policies();`.'
        : 'realtime.send is missing: updates arrive by polling alone until Realtime is set up.',
    ),
    storage: part(
      facts.storage_policies,
      'The bucket of attachments is private.',
      'The policies of the bucket are missing: run `select private.lay_storage_policies();`.',
    ),
    profiles: part(
      facts.profile_trigger,
      'They are made at sign-up.',
      'The trigger make_profile on auth.users is missing or disabled.',
    ),
    invitations: part(
      facts.invitation_secret,
      'Links can be signed.',
      'The secret of invitation links is missing from private.settings.',
    ),
    compaction: part(
      facts.scheduled && facts.functions_known && facts.stuck_documents === 0,
      'It is scheduled.',
      !facts.scheduled
        ? 'Logs only grow: enable pg_cron and run `select private.lay_schedule();`.'
        : !facts.functions_known
          ? 'The schedule cannot call functions: enable pg_net and run `select private.set_functions_access(…);`.'
          : `${facts.stuck_documents} documents could not be compacted: the log of the function compact names them.`,
    ),
  }
}

async function checkTokens(
  { url, jwtSecret }: Environment,
  verifyToken: VerifyToken,
  token: string | undefined,
  ask: typeof fetch,
): Promise<Part> {
  if (token) {
    const verified = await verifyToken(token)
    return verified.ok
      ? { ok: true, reason: `Yours is good (${verified.caller.checkedWith}).` }
      : { ok: false, reason: `Yours is refused. ${verified.reason}` }
  }
  const keys = await countPublicKeys(url, ask)
  return part(
    keys > 0 || jwtSecret !== undefined,
    keys > 0
      ? 'They are checked with the project’s public keys.'
      : 'They are checked with the shared secret.',
    'The project has no public keys and this function does not know the shared secret: no token can be checked.',
  )
}

async function countPublicKeys(url: string, ask: typeof fetch): Promise<number> {
  try {
    const response = await ask(`${url}/auth/v1/.well-known/jwks.json`, { signal: AbortSignal.timeout(5000) })
    const { keys } = (await response.json()) as { keys?: unknown[] }
    return keys?.length ?? 0
  } catch {
    return 0
  }
}

const part = (ok: boolean, good: string, bad: string): Part => ({ ok, reason: ok ? good : bad })
