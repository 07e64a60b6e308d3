/**
 * The files of one workspace on this device: kept when they are added, sent when they may go, fetched when they are
 * looked at. [F1]–[F14] of docs/sync.md.
 */
import { makeSubject, type Observable } from '../observable.ts'
import type { SyncEngine } from '../sync-engine.ts'
import { makeFileCache } from './file-cache.ts'
import type { FilePorts } from './file-ports.ts'
import type { FileState, FoundBytes, UnsentFile } from './file-state.ts'
import { makeNamedFiles } from './named-files.ts'
import { sendFile } from './send-file.ts'
import { queueOf, type NamedFile, type Standing } from './upload-queue.ts'
import { makeUploader, type Work } from './uploader.ts'

/** How long what nobody names any more can be had back from this device. */
const GRACE = 7 * 86_400_000
/** How often the server is asked whether it still has what it once confirmed. [F11] */
const CHECK_EVERY = 86_400_000
const CHECKED_AT_ONCE = 100
/** News of how far a file is. */
const TOLD_EVERY = 150

export interface Files {
  /** Named, here, and not surely on the server; oldest first. */
  readonly unsent: Observable<readonly UnsentFile[]>
  stateOf(sha256: string): FileState
  /** Keeps bytes that a document is about to name; resolves when they are durable, or cannot be. */
  keep(documentId: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>
  /** The bytes, from here or from the server. */
  find(documentId: string, sha256: string): Promise<FoundBytes>
  /** Sends what this document names, as long as it is followed. */
  follow(documentId: string): () => void
  retry(sha256: string): void
  /** Told after every change of a file's state. */
  onChange(listener: () => void): () => void
  stop(): Promise<void>
}

export function makeFiles(
  ports: FilePorts,
  engine: Pick<SyncEngine, 'open' | 'connection' | 'state'>,
  workspace: string,
): Files {
  const { clock, bus, policy, metered, server } = ports
  const unsent = makeSubject<readonly UnsentFile[]>([])
  const listeners = new Set<() => void>()
  const failed = new Map<string, string>()
  const sending = new Map<string, number>()
  const wanted = new Map<string, number>()
  const stop = new AbortController()
  let awake = true
  let ready = false
  let telling = false
  let toldAt = 0

  const place = (sha256: string) => cache.find(sha256)?.places[workspace]
  const isReachable = () => ['live', 'polling'].includes(engine.connection.get().kind)

  const standing = (): Standing => {
    const pending = new Set(engine.state.get().pending.map(({ entity }) => entity))
    return {
      isUnsent: (sha256) => place(sha256)?.confirmedAt === null,
      isTold: (entity) => !pending.has(entity),
      hasFailed: (sha256) => failed.has(sha256),
      reachable: isReachable(),
      paused: policy.get().paused,
      awaitsWifi: policy.get().wifiOnly && metered.get() === true,
    }
  }

  /** Many changes of a tick are told once. */
  const changed = () => {
    if (telling || stop.signal.aborted) return
    telling = true
    queueMicrotask(tell)
  }

  const tell = () => {
    telling = false
    if (stop.signal.aborted) return
    followUnsent()
    const queue = queueOf(named.all(), standing())
    if (queue.length + unsent.get().length > 0) unsent.set(queue.map(({ file, why }) => describe(file, why)))
    for (const listener of listeners) listener()
    uploader.wake()
  }

  const describe = (file: NamedFile, why: ReturnType<typeof queueOf>[number]['why']): UnsentFile => {
    const { sha256, doc, entity, name, bytes, at } = file
    const inMemory = cache.isInMemory(sha256)
    const sent = sending.get(sha256)
    const state: UnsentFile['state'] =
      why === 'failed'
        ? { kind: 'failed', code: failed.get(sha256) ?? 'rejected', inMemory }
        : sent === undefined
          ? { kind: 'waiting', why, inMemory }
          : { kind: 'sending', sent, inMemory }
    return { sha256, doc, entity, name, bytes, at, state }
  }

  /** What was unsent when the app was closed is sent again without its screen being opened. */
  const followUnsent = () => {
    const of = new Set<string>()
    for (const { places } of cache.held()) {
      const { docs = [], confirmedAt } = places[workspace] ?? {}
      if (confirmedAt === null) for (const doc of docs) of.add(doc)
    }
    for (const doc of of) named.follow(doc)
    for (const doc of named.followed()) if (!of.has(doc) && !wanted.has(doc)) named.letGo(doc)
  }

  const next = (under: string | null): Work | null => {
    if (!awake || !ready) return null
    const queue = queueOf(named.all(), standing()).filter(
      ({ file, why }) => why === 'turn' && named.isLoaded(file.doc),
    )
    const found = queue.find(({ file }) => file.sha256 === under) ?? queue[0]
    if (found) return send(found.file)
    const due = isReachable() ? dueForCheck() : []
    return due.length > 0 ? check(due) : null
  }

  const send = (file: NamedFile): Work => ({
    key: file.sha256,
    failed: (code) => fail(file.sha256, code),
    async run(signal) {
      const { sha256 } = file
      try {
        const bytes = await cache.bytesHere(sha256)
        if (bytes === null) return fail(sha256, 'damaged')
        await sendFile({
          workspace,
          file,
          bytes,
          server,
          signal,
          address: place(sha256)?.upload ?? null,
          noteAddress: (upload) => cache.note(sha256, { upload }),
          progress: (sent) => progress(sha256, sent),
        })
        await cache.note(sha256, { confirmedAt: clock.now(), upload: null })
      } finally {
        progress(sha256, null)
      }
    },
  })

  const progress = (sha256: string, sent: number | null) => {
    if (sent === null) sending.delete(sha256)
    else sending.set(sha256, sent)
    if (sent !== null && sent > 0 && clock.now() - toldAt < TOLD_EVERY) return
    toldAt = clock.now()
    bus.post({ kind: 'sending', sha256, sent })
    changed()
  }

  const fail = (sha256: string, code: string | null) => {
    if (code === null) failed.delete(sha256)
    else failed.set(sha256, code)
    bus.post({ kind: 'failed', sha256, code })
    changed()
  }

  const dueForCheck = () => {
    const before = clock.now() - CHECK_EVERY
    const names = [...named.all()].filter(({ removedAt }) => removedAt === null)
    return [...new Set(names.map(({ sha256 }) => sha256))]
      .filter((sha256) => (place(sha256)?.confirmedAt ?? Infinity) < before)
      .slice(0, CHECKED_AT_ONCE)
  }

  const check = (files: readonly string[]): Work => ({
    key: 'check',
    failed: () => {},
    async run(signal) {
      const sizes = await server.sizes(workspace, files, signal)
      for (const sha256 of files) {
        const size = sizes.get(sha256)
        const isThere = size === 'leaving' || size === cache.find(sha256)?.bytes
        await cache.note(sha256, isThere ? { confirmedAt: clock.now() } : { confirmedAt: null, upload: null })
      }
    },
  })

  /** What no document names any more and no server has: gone when nobody wanted it back. */
  const dropForgotten = async () => {
    const since = clock.now() - GRACE
    const remembered = [...named.all()].filter(({ removedAt }) => removedAt === null || removedAt > since)
    const names = new Set(remembered.map(({ sha256 }) => sha256))
    const forgotten = [...cache.held()].filter(({ sha256, usedAt, places }) => {
      const at = Object.values(places)
      const known = at.every(({ docs, confirmedAt }) => confirmedAt === null && docs.every(named.isLoaded))
      return known && !names.has(sha256) && usedAt < since
    })
    if (forgotten.length > 0) await cache.remove(forgotten.map(({ sha256 }) => sha256))
  }

  const cache = makeFileCache(ports, workspace, changed)
  const named = makeNamedFiles(engine, changed)
  const uploader = makeUploader(ports, `files/${workspace}`, next)

  const renew = () => {
    awake = true
    for (const [sha256, code] of failed) if (code === 'refused') fail(sha256, null)
    uploader.hurry()
    changed()
  }

  let wasReachable = false
  const forget = [
    engine.state.subscribe(changed),
    engine.connection.subscribe(() => {
      const reachable = isReachable()
      if (reachable && !wasReachable) renew()
      wasReachable = reachable
      changed()
    }),
    policy.subscribe(changed),
    metered.subscribe(changed),
    ports.connectivity.subscribe((event) => {
      // A frozen page would hold the lock for nobody.
      if (event === 'frozen') {
        awake = false
        void uploader.rest()
      }
      if (event === 'visible' || event === 'returned' || event === 'online') {
        void cache.moveToDevice().then(dropForgotten)
        renew()
      }
    }),
    bus.subscribe((news) => {
      if (news.kind === 'held') void cache.reread(news.sha256)
      else if (news.kind === 'retry') fail(news.sha256, null)
      else if (news.kind === 'failed') {
        if (news.code === null) failed.delete(news.sha256)
        else failed.set(news.sha256, news.code)
      } else if (news.sent === null) sending.delete(news.sha256)
      else sending.set(news.sha256, news.sent)
      changed()
    }),
  ]
  const begin = async () => {
    await cache.ready
    ready = true
    changed()
  }
  void begin()

  return {
    unsent,
    stateOf(sha256) {
      const waiting = unsent.get().find((file) => file.sha256 === sha256)
      if (waiting) return waiting.state
      return place(sha256)?.confirmedAt ? { kind: 'safe' } : { kind: 'away' }
    },
    async keep(doc, bytes) {
      await cache.ready
      const sha256 = await ports.sha256(bytes)
      await cache.keep(sha256, bytes, { docs: [doc], confirmedAt: null, upload: null })
      return sha256
    },
    find: (doc, sha256) => cache.fetch(sha256, doc, stop.signal),
    follow(doc) {
      wanted.set(doc, (wanted.get(doc) ?? 0) + 1)
      named.follow(doc)
      return () => {
        const left = (wanted.get(doc) ?? 1) - 1
        if (left > 0) wanted.set(doc, left)
        else wanted.delete(doc)
        changed()
      }
    },
    retry(sha256) {
      fail(sha256, null)
      bus.post({ kind: 'retry', sha256 })
      uploader.hurry()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      awake = false
      stop.abort()
      for (const end of forget) end()
      await uploader.rest()
      named.stop()
      ports.store.close()
    },
  }
}
