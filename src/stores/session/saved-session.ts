import { array, object, nullable, picklist, safeParse, string, type InferOutput } from 'valibot'
import { forget, recall, remember, storageKey } from '../remembered.ts'

const person = object({ id: string(), name: string(), email: string() })
const workspace = object({
  id: string(),
  name: string(),
  slug: string(),
  role: picklist(['owner', 'admin', 'agent', 'viewer']),
})

const savedSession = object({
  person,
  workspaces: array(workspace),
  /** Where the person was last; the app opens there. */
  workspaceId: nullable(string()),
  /** `left` by the person, `expired` by the server's definite word: data opens all the same, nothing is sent. */
  access: picklist(['in', 'left', 'expired']),
})

export type SavedSession = InferOutput<typeof savedSession>

const KEY = 'session'
/** Its name in the browser's storage, by which other tabs hear of a change. */
export const SESSION_KEY = storageKey(KEY)

/** Read before the first paint, so small and synchronous; it holds no secret. */
export function recallSession(): SavedSession | undefined {
  return recall(KEY, (value): value is SavedSession => safeParse(savedSession, value).success)
}

export function rememberSession(session: SavedSession | undefined): void {
  if (session === undefined) forget(KEY)
  else remember(KEY, session)
}
