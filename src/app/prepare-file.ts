import { servedType } from '../domain/attachments/file-types.ts'
import { fitPicture, type PictureSize } from '../domain/attachments/picture-size.ts'
import type { PreparedFile } from '../stores/attachments/workspace-files.ts'

/** What a canvas may draw anew without losing anything but size: not a GIF, which moves. */
const redrawn = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'])
const QUALITY = 0.85

/**
 * Reads a chosen file. A picture is drawn anew in the size that was wished, upright as it was taken: with that goes all
 * that a camera wrote into it, the place too. `original` keeps every byte. What this browser cannot decode (HEIC outside
 * of Safari) stays the file that it is.
 */
export async function prepareFile(file: File, size: PictureSize): Promise<PreparedFile> {
  const mime = servedType(file.type)
  const picture = mime.startsWith('image/') ? await decode(file) : null
  try {
    const redraw = picture && size !== 'original' && redrawn.has(mime)
    const drawn = redraw ? await draw(picture, Number(size), mime) : null
    if (drawn) return drawn
    return {
      bytes: new Uint8Array(await file.arrayBuffer()),
      mime,
      width: picture?.width ?? null,
      height: picture?.height ?? null,
    }
  } finally {
    picture?.close()
  }
}

async function decode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return null
  }
}

async function draw(picture: ImageBitmap, edge: number, mime: string): Promise<PreparedFile | null> {
  const { width, height } = fitPicture(picture.width, picture.height, edge)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  if (!context) return null
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, width, height)
  // A drawing keeps its sharp edges and what can be seen through it.
  const type = mime === 'image/png' || mime === 'image/webp' ? mime : 'image/jpeg'
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY))
  if (!blob) return null
  // Safari answers with a PNG where it cannot write what was asked for.
  return { bytes: new Uint8Array(await blob.arrayBuffer()), mime: servedType(blob.type), width, height }
}
