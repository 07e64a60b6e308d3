import type { Caller } from '../caller.ts'
import { reconnectPause } from '../database.ts'
import type { Listener } from '../listener.ts'
import { type Log, silentLog } from '../log.ts'
import { type ContextRunner, fenceCallerContext } from './caller-context.ts'
import { columnFormats } from './column-formats.ts'
import { databaseAway, type ErrorReader, fenceErrorStatus } from './error-status.ts'
import { quietly } from './quiet.ts'
import { type CatalogReader, DatabaseAway, fenceSchemaCache } from './schema-cache.ts'

export interface DataApi {
  fetch(request: Request, caller: Caller): Promise<Response>
  /** The schema changed: look again before the next request. */
  forgetSchema(): void
  warm(): Promise<void>
  close(): Promise<void>
}

interface Options {
  databaseUrl: string
  log: Log
}

export async function createDataApi({ databaseUrl, log }: Options): Promise<DataApi> {
  // It loads supabase-js, which greets Node 20 with a warning that is no concern of whoever starts this.
  const { App } = await quietly(silentLog, () => import('@supabase/lite'))
  const { createPostgresConnection } = await import('@supabase/lite/postgres')
  const connection = createPostgresConnection({
    url: databaseUrl,
    postgresOptions: {
      max: 8,
      connect_timeout: 10,
      backoff: reconnectPause,
      onnotice: () => {},
      connection: { application_name: 'tideline rest' },
      types: columnFormats,
    },
  })
  fenceSchemaCache(connection as unknown as CatalogReader)
  fenceCallerContext(connection as unknown as ContextRunner)
  fenceErrorStatus(connection as ErrorReader)

  // lite asks who a key belongs to; the gateway has decided already and left the answer here.
  const callers = new WeakMap<Request, Caller>()
  const app = new App({
    connection,
    api: { enabled: true, schemas: ['public'], max_rows: 1000 },
    auth: { enabled: false },
    storage: { enabled: false },
    studio: { enabled: false },
    options: {
      server: {
        disableStudio: true,
        apiKeys: {
          resolver: async (_key, context) => {
            const caller = callers.get(context.req.raw)
            if (!caller) return null
            const type = caller.role === 'service_role' ? 'secret' : 'publishable'
            return { type, claims: caller.claims }
          },
        },
      },
    },
  })
  await app.init()

  const look = () => connection.introspect({ useCache: true })
  return {
    async fetch(request, caller) {
      const headers = new Headers(request.headers)
      headers.delete('authorization')
      headers.delete('user-agent')
      if (!headers.has('apikey')) headers.set('apikey', 'sb_publishable_decided')
      const body = request.body ? await request.arrayBuffer() : null
      const decided = new Request(request.url, { method: request.method, headers, body })
      callers.set(decided, caller)
      try {
        return await quietly(log, async () => app.fetch(decided))
      } catch (error) {
        if (error instanceof DatabaseAway) return databaseAway()
        throw error
      }
    },
    forgetSchema() {
      void connection.clearSchemaCache()
    },
    warm: async () => void (await look()),
    close: () => connection.close(),
  }
}

/** PostgreSQL's channel on which a change of the schema is told, as PostgREST listens to it. */
export function followSchema(listener: Listener, api: DataApi): Promise<void> {
  return listener.listen(
    'pgrst',
    (payload) => {
      if (payload === '' || payload === 'reload schema') api.forgetSchema()
    },
    () => api.forgetSchema(),
  )
}
