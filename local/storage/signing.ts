import type { Caller } from '../caller.ts'
import { findObject } from './download.ts'
import { checkObjectName } from './object-name.ts'
import { bucketRules, ownerOf, type StorageService } from './service.ts'
import { StorageError } from './storage-error.ts'
import { probeUpload } from './upload.ts'

const uploadSeconds = 7200

// The name as it is: storage-js encodes the address itself.
const address = (kind: 'sign' | 'upload/sign', bucket: string, name: string, token: string) =>
  `/object/${kind}/${bucket}/${name}?token=${token}`

function lifetime(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return Math.floor(value)
  throw new StorageError(400, 'InvalidRequest', 'expiresIn must be a number of seconds')
}

export async function signDownload(
  service: StorageService,
  caller: Caller,
  bucket: string,
  name: string,
  body: Record<string, unknown>,
) {
  const seconds = lifetime(body['expiresIn'])
  await findObject(service, caller, bucket, name)
  const token = await service.links.sign({ use: 'download', bucket, name }, seconds)
  return { signedURL: address('sign', bucket, name, token) }
}

export async function signManyDownloads(
  service: StorageService,
  caller: Caller,
  bucket: string,
  body: Record<string, unknown>,
) {
  const paths = Array.isArray(body['paths']) ? body['paths'].map(String) : []
  return Promise.all(
    paths.map(async (path) => {
      try {
        const { signedURL } = await signDownload(service, caller, bucket, path, body)
        return { path, error: null, signedURL }
      } catch (error) {
        if (!(error instanceof StorageError) || error.statusCode !== 404) throw error
        return {
          path,
          error: 'Either the object does not exist or you do not have access to it',
          signedURL: null,
        }
      }
    }),
  )
}

export async function signUpload(
  service: StorageService,
  caller: Caller,
  bucket: string,
  name: string,
  upsert: boolean,
) {
  checkObjectName(name)
  await bucketRules(service, bucket)
  await probeUpload(service, caller, bucket, name, upsert)
  const token = await service.links.sign(
    { use: 'upload', bucket, name, owner: ownerOf(caller), upsert },
    uploadSeconds,
  )
  return { url: address('upload/sign', bucket, name, token), token }
}
