/**
 * Which types are believed. A page opens what a member of the workspace sent, so only pictures without script are ever
 * shown in place (an SVG is a document that runs), and whatever else may run in a browser is kept as bare bytes.
 */
const pictures = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'])

const harmless = /^(?:audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf|text\/plain|image\/hei[cf])$/

const octets = 'application/octet-stream'

/** The type under which a file is stored and served; what the server's bucket takes. */
export function servedType(mime: string): string {
  const plain = mime.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return pictures.has(plain) || harmless.test(plain) ? plain : octets
}

export function isPicture(mime: string): boolean {
  return pictures.has(mime)
}

type FileKind = 'picture' | 'photo' | 'audio' | 'video' | 'document'

/** For an icon and a word. `photo` is a picture that not every browser can show (HEIC). */
export function fileKind(mime: string): FileKind {
  if (pictures.has(mime)) return 'picture'
  if (mime === 'image/heic' || mime === 'image/heif') return 'photo'
  if (mime.startsWith('audio/')) return 'audio'
  return mime.startsWith('video/') ? 'video' : 'document'
}
