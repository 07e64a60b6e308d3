import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createBuiltApp } from './app/built-app.ts'
import { createAuthService } from './auth/service.ts'
import { createIdentify } from './caller.ts'
import { openDataFolder, publishableKey } from './data-folder.ts'
import { checkDatabase, claimDatabase, openPool } from './database.ts'
import { startFunctions } from './functions/host.ts'
import { tellDatabase } from './functions/tell-database.ts'
import { createGateway } from './gateway.ts'
import { reportHealth } from './health.ts'
import { checkPort, listen } from './http-server.ts'
import { createDataApi, followSchema } from './lite/index.ts'
import { startListener } from './listener.ts'
import { takeLock } from './lock.ts'
import { type Log, silentLog } from './log.ts'
import { migrate, seedOnce } from './migrate.ts'
import { startNotifier } from './notifier.ts'
import { installPlatform } from './platform/index.ts'
import { startPostgres } from './postgres.ts'
import {
  builtAppFolder,
  functionsFolder,
  migrationsFolder,
  projectRoot,
  seedFile,
  supabaseConfigFile,
} from './project.ts'
import { installRealtimeSchema, startRealtime } from './realtime/index.ts'
import { startSchedule } from './schedule.ts'
import { Started } from './started.ts'
import { createFiles } from './storage/files.ts'
import { createPartFiles } from './storage/part-files.ts'
import { answerStorage } from './storage/routes.ts'
import { createSignedLinks } from './storage/signed-links.ts'

export interface StackOptions {
  dataDir: string
  /** 0 takes any free port. */
  port: number
  host: string
  /** A PostgreSQL 15+ of one's own in place of the embedded one. */
  databaseUrl?: string
  migrationsDir?: string
  functionsDir?: string
  /** The `supabase/config.toml` that says which functions are open. */
  configFile?: string
  appDir?: string
  /** Makes the demo workspace on a stack that is nobody's yet. */
  demo?: boolean
  /** The last thing before /healthz says that all is well: whoever waits for it finds everything in place. */
  beforeReady?: (stack: Stack) => Promise<void>
  log?: Log
}

export interface Stack {
  url: string
  publishableKey: string
  secretKey: string
  databaseUrl: string
  jwtSecret: string
  stop(): Promise<void>
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const started = new Started(options.log ?? silentLog)
  try {
    return await start(options, started)
  } catch (error) {
    await started.end()
    throw error
  }
}

async function start(options: StackOptions, started: Started): Promise<Stack> {
  const { log = silentLog, host } = options
  const startedAt = Date.now()
  const data = await openDataFolder(options.dataDir)
  const lock = await takeLock(data.path)
  started.add(() => lock.release())
  await checkPort(options.port, host)
  const { secretKey, jwtSecret, databasePassword } = data.keys
  const keys = { publishableKey, secretKey, jwtSecret }

  let { databaseUrl } = options
  if (databaseUrl === undefined) {
    const postgres = await startPostgres({ folder: data.postgres, password: databasePassword, log })
    started.add(() => postgres.stop())
    databaseUrl = postgres.url
  }
  const sql = openPool(databaseUrl, 6)
  started.add(() => sql.end({ timeout: 3 }))
  if (options.databaseUrl !== undefined) {
    await checkDatabase(sql)
    started.add(await claimDatabase(databaseUrl))
  }

  await installPlatform(sql)
  await installRealtimeSchema(sql)
  const migrations = await migrate(sql, options.migrationsDir ?? migrationsFolder, log)
  await seedOnce(sql, seedFile)

  const rest = await createDataApi({ databaseUrl, log })
  started.add(() => rest.close())
  const listener = startListener(databaseUrl, log)
  started.add(() => listener.stop())
  await followSchema(listener, rest)
  await rest.warm()

  const realtimeSql = openPool(databaseUrl, 4)
  started.add(() => realtimeSql.end({ timeout: 3 }))
  const realtime = await startRealtime({ sql: realtimeSql, databaseUrl, log, ...keys })
  const stopRealtime = once(() => realtime.stop())
  started.add(stopRealtime)

  // The port is known only once the server listens; nothing asks for the address before.
  let url = ''
  let ready = false
  const identify = createIdentify(keys)
  const auth = await createAuthService({
    sql,
    jwtSecret,
    origin: () => url,
    mailFolder: join(data.path, 'mail'),
  })
  const files = createFiles(data.storage)
  const parts = createPartFiles(join(data.storage, 'arriving'))
  const storage = { sql, files, parts, links: createSignedLinks(jwtSecret), identify }
  let functions: Awaited<ReturnType<typeof startFunctions>> | undefined

  const server = await listen({
    port: options.port,
    host,
    fetch: createGateway({
      identify,
      auth,
      rest,
      storage: (request, address) => answerStorage(storage, request, address),
      functions: async (request, address) =>
        functions?.fetch(request, address) ?? new Response(null, { status: 503 }),
      realtime: (request) => realtime.fetch(request),
      health: () =>
        reportHealth({
          sql,
          migrations,
          functions: () => functions?.status() ?? { running: true, hosted: [] },
          realtime: () => realtime.isUp(),
          startedAt,
          ready,
        }),
      app: createBuiltApp(options.appDir ?? builtAppFolder),
      log,
    }),
    upgrade(request, socket, head) {
      if (request.url?.startsWith('/realtime/v1/')) realtime.handleUpgrade(request, socket, head)
      else socket.destroy()
    },
  })
  started.add(() => server.stop())
  // Before the server, which would wait for the open sockets.
  started.add(stopRealtime)
  const reachable =
    host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  url = `http://${reachable}:${server.port}`

  const folder = options.functionsDir ?? functionsFolder
  functions = await startFunctions({
    folder,
    watched: ['src/domain', 'src/sync']
      .map((path) => join(projectRoot, path))
      .filter((path) => existsSync(path)),
    configFile: options.configFile ?? supabaseConfigFile,
    dataFolder: data.path,
    environment: functionEnvironment(url, keys, databaseUrl),
    databaseHost: new URL(databaseUrl).host,
    identify,
    log,
  })
  started.add(() => functions?.stop() ?? Promise.resolve())
  await tellDatabase(sql, url, secretKey)

  const notifier = await startNotifier(sql, listener, log)
  started.add(() => notifier.stop())
  const schedule = await startSchedule(sql, listener, log)
  started.add(() => schedule.stop())
  void parts.sweep(Date.now()).catch(() => {})
  void files
    .sweep(async (versions) => {
      const rows = await sql<
        { version: string }[]
      >`select version from storage.objects where version = any(${versions})`
      return new Set(rows.map(({ version }) => version))
    })
    .catch(() => {})

  if (options.demo) {
    const { seedDemo } = await import('./demo/index.ts')
    await seedDemo({ url, publishableKey, secretKey }, sql)
  }
  const stack = {
    url,
    publishableKey,
    secretKey,
    databaseUrl,
    jwtSecret,
    stop: once(() => started.end()),
  }
  await options.beforeReady?.(stack)
  ready = true
  return stack
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

function functionEnvironment(
  url: string,
  keys: { publishableKey: string; secretKey: string; jwtSecret: string },
  databaseUrl: string,
): Record<string, string> {
  return {
    SUPABASE_URL: url,
    SUPABASE_ANON_KEY: keys.publishableKey,
    SUPABASE_PUBLISHABLE_KEY: keys.publishableKey,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
    SUPABASE_SERVICE_ROLE_KEY: keys.secretKey,
    SUPABASE_SECRET_KEY: keys.secretKey,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
    SUPABASE_DB_URL: databaseUrl,
    SUPABASE_JWT_SECRET: keys.jwtSecret,
    SUPABASE_JWKS: JSON.stringify({ keys: [] }),
  }
}
