import { createHmac, createSecretKey } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { StorageError } from './storage-error.ts'

// A link names one object and one use. Its key is derived, so that a link's token is never a token
// of a person, nor the other way round.

export interface SignedLinks {
  sign(link: Link, seconds: number): Promise<string>
  verify(token: string | null, use: Link['use'], bucket: string, name: string): Promise<Link>
}

interface Link {
  use: 'download' | 'upload'
  bucket: string
  name: string
  owner?: string | null
  upsert?: boolean
}

export function createSignedLinks(jwtSecret: string): SignedLinks {
  const key = createSecretKey(createHmac('sha256', jwtSecret).update('storage links').digest())
  return {
    sign: (link, seconds) =>
      new SignJWT({ ...link })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
        .sign(key),
    async verify(token, use, bucket, name) {
      const claims = await jwtVerify<Link>(token ?? '', key, { algorithms: ['HS256'] }).catch(() => undefined)
      const link = claims?.payload
      if (!link || link.use !== use || link.bucket !== bucket || link.name !== name) {
        throw new StorageError(400, 'InvalidJWT', 'The link is not valid for this object, or has expired')
      }
      return link
    },
  }
}
