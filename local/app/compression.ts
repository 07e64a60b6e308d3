import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

type Encoding = 'br' | 'gzip'

const compressible = /^(text\/|application\/(javascript|json|manifest\+json|wasm)|image\/svg)/

export function chooseEncoding(accepted: string | null, type: string, size: number): Encoding | undefined {
  if (size < 1024 || !compressible.test(type)) return undefined
  const offers = (accepted ?? '').split(',').map((offer) => offer.trim().toLowerCase())
  const takes = (name: string) =>
    offers.some((offer) => offer === name || (offer.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(offer)))
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : undefined
}

export function compress(content: Buffer, encoding: Encoding): Promise<Buffer> {
  // The highest quality costs ten times the time of this one for a twentieth of the size.
  if (encoding === 'br') {
    return promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
  }
  return promisify(gzip)(content, { level: 6 })
}
