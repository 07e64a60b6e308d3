import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

// Files that are still arriving: `<version>` holds the bytes so far, `<version>.json` what they are to
// become. How far an upload is, is the length of its file, so a crash at any point leaves a true answer.

export interface PartialUpload {
  version: string
  bucket: string
  name: string
  length: number
  type: string
  cacheControl: string
  userMetadata: Record<string, unknown> | null
  upsert: boolean
  /** After this moment it is swept, finished or not. */
  expires: number
  /** The object is there; what is kept says so to whoever missed the answer. */
  finished: boolean
}

export interface PartFiles {
  begin(upload: PartialUpload): Promise<void>
  /** Its bytes are an object now. */
  finish(upload: PartialUpload): Promise<void>
  find(version: string): Promise<{ upload: PartialUpload; offset: number } | undefined>
  /** Adds bytes until the body or the signal ends; what arrived stays. Answers the new offset. */
  append(
    upload: PartialUpload,
    body: ReadableStream<Uint8Array> | null,
    stopped: AbortSignal,
  ): Promise<number>
  /** Where the bytes lie, for whoever takes them over. */
  place(version: string): string
  remove(version: string): Promise<void>
  sweep(now: number): Promise<number>
}

const name = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export class MoreThanAnnounced extends Error {
  override name = 'MoreThanAnnounced'
}

export function createPartFiles(folder: string): PartFiles {
  const place = (version: string) => {
    if (!name.test(version)) throw new Error('That is no version of an object.')
    return join(folder, version)
  }
  const note = (version: string) => `${place(version)}.json`

  const write = async (upload: PartialUpload) => {
    const draft = `${note(upload.version)}.new`
    await writeFile(draft, JSON.stringify(upload), { mode: 0o600 })
    await rename(draft, note(upload.version))
  }

  const parts: PartFiles = {
    place,

    async begin(upload) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(place(upload.version), '', { mode: 0o600 })
      await write(upload)
    },

    finish: (upload) => write({ ...upload, finished: true }),

    async find(version) {
      if (!name.test(version)) return undefined
      const text = await readFile(note(version), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      const upload = JSON.parse(text) as PartialUpload // written by `write`, whole or not at all
      if (upload.expires <= Date.now()) return undefined
      if (upload.finished) return { upload, offset: upload.length }
      // Bytes that are gone without an object were being taken over when the process ended.
      const held = await stat(place(version)).catch(() => undefined)
      return held && { upload, offset: held.size }
    },

    async append(upload, body, stopped) {
      const file = await open(place(upload.version), 'a', 0o600)
      const reader = (body ?? new Blob([]).stream()).getReader()
      const stop = () => void reader.cancel().catch(() => {})
      stopped.addEventListener('abort', stop)
      if (stopped.aborted) stop()
      try {
        let { size } = await file.stat()
        for (;;) {
          // A line that is cut ends the reading with an error; what came before it counts.
          const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
          if (done || !value) break
          if (size + value.byteLength > upload.length) throw new MoreThanAnnounced()
          await file.writeFile(value)
          size += value.byteLength
        }
        await file.sync()
        return size
      } finally {
        stopped.removeEventListener('abort', stop)
        await file.close()
      }
    },

    async remove(version) {
      await rm(note(version), { force: true })
      await rm(place(version), { force: true })
    },

    async sweep(now) {
      let swept = 0
      for (const file of await readdir(folder).catch(() => [] as string[])) {
        const version = file.slice(0, 36)
        if (!name.test(version)) continue
        const text = await readFile(note(version), 'utf8').catch(() => undefined)
        if (text !== undefined && (JSON.parse(text) as PartialUpload).expires > now) continue
        await parts.remove(version)
        await rm(join(folder, file), { force: true })
        swept++
      }
      return swept
    },
  }
  return parts
}
