import { makeOriginPorts } from '../sync/browser/origin-ports.ts'
import { authStorageKey, publishableKey, supabaseUrl } from '../sync/browser/project.ts'
import { makeTokenStore } from '../sync/browser/token-store.ts'
import { flushUnsent } from '../sync/flush-unsent.ts'
import { makeBareClient } from '../sync/supabase/bare-client.ts'

/** Sends what the signed-in person left unsent on this device; rejects when it is to be tried again. [K7] */
export async function flush(): Promise<void> {
  const client = makeBareClient({
    url: supabaseUrl,
    publishableKey,
    tokens: makeTokenStore(indexedDB),
    key: authStorageKey,
    turns: navigator.locks,
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
  })
  const person = await client.person()
  if (person === null) return
  const portsOf = (workspaceId: string) => ({
    ...makeOriginPorts(person, workspaceId),
    server: client.logOf(person),
    session: client.sessionOf(person),
    log: () => undefined,
  })
  // Storage is the person's, whatever the workspace.
  await flushUnsent(portsOf(''), portsOf)
}
