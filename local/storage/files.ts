import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { tooLargeObject } from './storage-error.ts'

// One immutable file per version of an object, in 256 folders by the first two letters of its random
// name. It appears whole, on the disk, before a row names it.

export interface StoredFile {
  version: string
  size: number
  eTag: string
}

export interface Files {
  write(body: ReadableStream<Uint8Array> | null, most: number): Promise<StoredFile>
  read(version: string, from: number, to: number): ReadableStream<Uint8Array>
  copy(version: string): Promise<string>
  /** Makes a file that lies elsewhere on the same disk this version. */
  adopt(path: string, version: string): Promise<StoredFile>
  remove(versions: (string | null)[]): Promise<void>
  /** Files that no row names: left by a crash between the file and the row. */
  sweep(known: (versions: string[]) => Promise<Set<string>>): Promise<number>
}

const name = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A name is on the disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

export function createFiles(folder: string): Files {
  const place = (version: string) => {
    if (!name.test(version)) throw new Error('That is no version of an object.')
    return join(folder, version.slice(0, 2), version)
  }
  const prepare = async (version: string) => {
    await mkdir(join(folder, version.slice(0, 2)), { recursive: true, mode: 0o700 })
    return place(version)
  }
  const remove = async (versions: (string | null)[]) => {
    for (const version of versions) if (version) await rm(place(version), { force: true })
  }

  return {
    async write(body, most) {
      const version = randomUUID()
      const target = await prepare(version)
      const draft = `${target}.new`
      const hash = createHash('md5')
      let size = 0
      const file = await open(draft, 'wx', 0o600)
      try {
        for await (const chunk of (body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>) {
          size += chunk.byteLength
          if (size > most) throw tooLargeObject()
          hash.update(chunk)
          await file.writeFile(chunk)
        }
        await file.sync()
        await file.close()
        await rename(draft, target)
        await syncFolder(dirname(target))
      } catch (error) {
        await file.close().catch(() => {})
        await rm(draft, { force: true })
        throw error
      }
      return { version, size, eTag: `"${hash.digest('hex')}"` }
    },

    read(version, from, to) {
      if (to < from) return new Blob([]).stream()
      const stream = createReadStream(place(version), { start: from, end: to })
      return Readable.toWeb(stream) as NodeReadableStream as unknown as ReadableStream<Uint8Array>
    },

    async copy(version) {
      const copy = randomUUID()
      await link(place(version), await prepare(copy))
      return copy
    },

    async adopt(path, version) {
      const hash = createHash('md5')
      let size = 0
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        size += chunk.byteLength
        hash.update(chunk)
      }
      const target = await prepare(version)
      await rename(path, target)
      await syncFolder(dirname(target))
      return { version, size, eTag: `"${hash.digest('hex')}"` }
    },

    remove,

    async sweep(known) {
      let swept = 0
      for (const shelf of await readdir(folder)) {
        if (!/^[0-9a-f]{2}$/.test(shelf)) continue
        const files = await readdir(join(folder, shelf)).catch(() => [] as string[])
        const versions = files.filter((file) => name.test(file))
        const named = versions.length > 0 ? await known(versions) : new Set<string>()
        for (const file of files) {
          if (named.has(file)) continue
          const path = join(folder, shelf, file)
          const { mtimeMs } = await stat(path)
          // An upload may be going on: its file is there and its row is not yet.
          if (Date.now() - mtimeMs < 3_600_000) continue
          await rm(path, { force: true })
          swept++
        }
      }
      return swept
    },
  }
}
