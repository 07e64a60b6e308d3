import type { Caller } from '../caller.ts'
import { json } from '../json-response.ts'
import { createBucket, deleteBucket, emptyBucket, getBucket, listBuckets, updateBucket } from './buckets.ts'
import { describeObject, findObject, serveObject } from './download.ts'
import { decodePath } from './object-name.ts'
import { copyObject, listFolder, moveObject, readJourney, removeObjects } from './objects.ts'
import { answerResumable, resumablePath } from './resumable.ts'
import type { StorageService } from './service.ts'
import { signDownload, signManyDownloads, signUpload } from './signing.ts'
import { objectNotFound, StorageError } from './storage-error.ts'
import { upload } from './upload.ts'

interface Call {
  service: StorageService
  request: Request
  url: URL
  caller: Caller
  /** What the pattern's groups caught, decoded. */
  parts: string[]
}

type Route = [call: RegExp, answer: (call: Call) => Promise<Response>]

const bucketPath = '([^/]+)/(.+)'
const upserts = (request: Request) => request.headers.get('x-upsert') === 'true'
const part = ({ parts }: Call, at: number) => parts[at] ?? ''

// The first that fits answers: what has a word of its own stands before `object/<bucket>/<name>`.
const routes: Route[] = [
  [/^GET bucket$/, async ({ service, caller }) => json(await listBuckets(service, caller))],
  [/^POST bucket$/, async (c) => json(await createBucket(c.service, c.caller, await readBody(c.request)))],
  [/^GET bucket\/([^/]+)$/, async (c) => json(await getBucket(c.service, c.caller, part(c, 0)))],
  [
    /^PUT bucket\/([^/]+)$/,
    async (c) => json(await updateBucket(c.service, c.caller, part(c, 0), await readBody(c.request))),
  ],
  [/^DELETE bucket\/([^/]+)$/, async (c) => json(await deleteBucket(c.service, c.caller, part(c, 0)))],
  [/^POST bucket\/([^/]+)\/empty$/, async (c) => json(await emptyBucket(c.service, c.caller, part(c, 0)))],

  [
    /^POST object\/list\/([^/]+)$/,
    async (c) => json(await listFolder(c.service, c.caller, part(c, 0), await readBody(c.request))),
  ],
  [
    /^POST object\/move$/,
    async (c) => json(await moveObject(c.service, c.caller, readJourney(await readBody(c.request)))),
  ],
  [
    /^POST object\/copy$/,
    async (c) =>
      json(await copyObject(c.service, c.caller, readJourney(await readBody(c.request)), upserts(c.request))),
  ],
  [
    new RegExp(`^GET object/info/(?:authenticated/|public/)?${bucketPath}$`),
    async (c) => json(describeObject(await found(c))),
  ],

  [
    new RegExp(`^POST object/upload/sign/${bucketPath}$`),
    async (c) => json(await signUpload(c.service, c.caller, part(c, 0), part(c, 1), upserts(c.request))),
  ],
  [new RegExp(`^PUT object/upload/sign/${bucketPath}$`), uploadByLink],
  [
    new RegExp(`^POST object/sign/${bucketPath}$`),
    async (c) =>
      json(await signDownload(c.service, c.caller, part(c, 0), part(c, 1), await readBody(c.request))),
  ],
  [
    /^POST object\/sign\/([^/]+)$/,
    async (c) => json(await signManyDownloads(c.service, c.caller, part(c, 0), await readBody(c.request))),
  ],
  [new RegExp(`^(?:GET|HEAD) object/sign/${bucketPath}$`), downloadByLink],

  [new RegExp(`^(?:GET|HEAD) object/public/${bucketPath}$`), downloadPublic],
  [
    new RegExp(`^(?:GET|HEAD) object/(?:authenticated/)?${bucketPath}$`),
    async (c) => serveObject(c.service, c.request, c.url, await found(c)),
  ],
  [
    /^DELETE object\/([^/]+)$/,
    async (c) =>
      json(await removeObjects(c.service, c.caller, part(c, 0), (await readBody(c.request))['prefixes'])),
  ],
  [new RegExp(`^DELETE object/${bucketPath}$`), removeOne],
  [new RegExp(`^(POST|PUT) object/${bucketPath}$`), uploadByCaller],
]

export async function answerStorage(service: StorageService, request: Request, url: URL): Promise<Response> {
  try {
    const caller = await service.identify(request, url, 'any')
    if (caller instanceof Response) return caller
    if (url.pathname.startsWith(resumablePath)) return await answerResumable(service, request, url, caller)
    const call = `${request.method} ${url.pathname.slice('/storage/v1/'.length)}`
    for (const [pattern, answer] of routes) {
      const groups = pattern.exec(call)?.slice(1)
      if (groups) return await answer({ service, request, url, caller, parts: groups.map(decodePath) })
    }
    throw new StorageError(404, 'NotFound', 'There is no such call on this stack’s Storage')
  } catch (error) {
    if (error instanceof StorageError) return error.toResponse()
    throw error
  }
}

const found = (c: Call) => findObject(c.service, c.caller, part(c, 0), part(c, 1))

async function downloadPublic(c: Call) {
  const { service, request, url } = c
  const nobody: Caller = { role: 'anon', claims: { role: 'anon' }, key: null, token: null }
  const bucket = await service.sql<
    { public: boolean }[]
  >`select public from storage.buckets where id = ${part(c, 0)}`
  // A bucket that is not public looks here as one that is not there.
  if (!bucket[0]?.public) throw objectNotFound()
  return serveObject(service, request, url, await findObject(service, nobody, part(c, 0), part(c, 1)))
}

async function downloadByLink(c: Call) {
  const { service, request, url } = c
  await service.links.verify(url.searchParams.get('token'), 'download', part(c, 0), part(c, 1))
  return serveObject(service, request, url, await findObject(service, 'link', part(c, 0), part(c, 1)))
}

async function uploadByLink(c: Call) {
  const [bucket, name] = [part(c, 0), part(c, 1)]
  const link = await c.service.links.verify(c.url.searchParams.get('token'), 'upload', bucket, name)
  // The policies were asked when the link was made; the object still belongs to who asked for it.
  const role = 'service_role' as const
  const caller: Caller = { role, claims: { role }, key: null, token: null }
  const owner = link.owner ?? null
  return json(
    await upload(c.service, c.request, { bucket, name, upsert: link.upsert === true, caller, owner }),
  )
}

async function uploadByCaller(c: Call) {
  const [method, bucket = '', name = ''] = c.parts
  const upsert = method === 'PUT' || upserts(c.request)
  return json(await upload(c.service, c.request, { bucket, name, upsert, caller: c.caller }))
}

async function removeOne(c: Call) {
  const gone = await removeObjects(c.service, c.caller, part(c, 0), [part(c, 1)])
  if (gone.length === 0) throw objectNotFound()
  return json({ message: 'Successfully deleted' })
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse((await request.text()) || '{}')
    if (body !== null && typeof body === 'object' && !Array.isArray(body))
      return body as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new StorageError(400, 'InvalidRequest', 'The body must be a JSON object')
}
