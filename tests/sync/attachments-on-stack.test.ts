import { createHash, randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { FileServerError, type FilePorts } from '../../src/sync/attachments/file-ports.ts'
import { makeFiles, type Files } from '../../src/sync/attachments/files.ts'
import { attach, live } from '../../src/sync/attachments/testing/file-scene.ts'
import { makeMemoryFiles } from '../../src/sync/attachments/testing/memory-files.ts'
import { makeSubject } from '../../src/sync/observable.ts'
import type { Clock } from '../../src/sync/ports.ts'
import { makeFileServer, type SendBytes } from '../../src/sync/supabase/file-server.ts'
import { makeMemoryEngine } from '../../src/sync/testing/memory-engine.ts'
import { makeSeededRandom } from '../../src/sync/testing/seeded-random.ts'
import { addMember, makePerson, makeWorkspace, type Person } from '../harness/people.ts'
import { until } from '../harness/until.ts'

const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = inject('stack')
const mebibyte = 1024 * 1024

const clock: Clock = {
  now: Date.now,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const file = (bytes: number) => new Uint8Array(randomBytes(bytes))

let ana: Person
let bruno: Person
let viewer: Person
let stranger: Person
let workspace: string

beforeAll(async () => {
  ;[ana, bruno, viewer, stranger] = await Promise.all([
    makePerson(),
    makePerson(),
    makePerson(),
    makePerson(),
  ])
  workspace = await makeWorkspace(ana)
  await addMember(workspace, bruno, 'agent')
  await addMember(workspace, viewer, 'viewer')
})

const board = () => `ws/${workspace}/board/main`

function device(person: Person, sendBytes: SendBytes = (url, request) => fetch(url, request)) {
  const store = makeMemoryFiles()
  const engine = makeMemoryEngine()
  const requests: string[] = []
  const counted: typeof fetch = (url, init) => {
    requests.push(init?.method ?? 'GET')
    return fetch(url, init)
  }
  const server = makeFileServer({
    client: person.client,
    personId: person.id,
    url: SUPABASE_URL,
    publishableKey: SUPABASE_PUBLISHABLE_KEY,
    clock,
    fetch: counted,
    sendBytes,
  })
  const ports: FilePorts = {
    clock,
    random: makeSeededRandom(1),
    locks: null,
    connectivity: { online: () => true, visible: () => true, subscribe: () => () => {} },
    store,
    server,
    bus: { post() {}, subscribe: () => () => {} },
    policy: makeSubject({ paused: false, wifiOnly: false }),
    metered: makeSubject(null),
    sha256: async (bytes) => hash(bytes),
  }
  const start = (): Files => {
    const files = makeFiles(ports, engine, workspace)
    files.follow(board())
    return files
  }
  const goOnline = async () => {
    await engine.syncNow()
    engine.connection.set(live)
  }
  return { store, engine, requests, start, goOnline, server }
}

const isSafe = (files: Files, bytes: Uint8Array) =>
  until(
    () => files.stateOf(hash(bytes)).kind,
    (kind) => kind === 'safe',
  )

describe('files against the real Storage', () => {
  test('[F2] [F5] one device sends, another sees it, and the same file is not sent again', async () => {
    const bytes = file(300_000)
    const one = device(ana)
    const files = one.start()
    await attach({ files }, one.engine, bytes, board())
    await one.goOnline()
    await isSafe(files, bytes)

    const other = device(bruno)
    const theirs = other.start()
    expect(await theirs.find(board(), hash(bytes))).toEqual({ kind: 'found', bytes })
    const copy = device(bruno, () => Promise.reject(new Error('nothing is to be sent')))
    const again = copy.start()
    await attach({ files: again }, copy.engine, bytes, board())
    await copy.goOnline()
    await isSafe(again, bytes)
    expect(copy.requests).toEqual([])
    await Promise.all([files, theirs, again].map((each) => each.stop()))
  })

  test('[F4] a line that breaks again and again, and a page that dies, never start a file over', async () => {
    const bytes = file(13 * mebibyte)
    let received = 0
    let parts = 0
    const breaking: SendBytes = async (url, request, progress) => {
      // Every part but the third is cut in its middle.
      if (++parts === 3) {
        received += request.body.length
        return fetch(url, request)
      }
      const most = Math.min(request.body.length, 2 * mebibyte)
      received += most
      await fetch(url, { ...request, body: request.body.subarray(0, most) })
      progress(most)
      throw new TypeError('the line was cut')
    }
    const one = device(ana, breaking)
    const first = one.start()
    await attach({ files: first }, one.engine, bytes, board())
    await one.goOnline()
    await until(
      () => parts,
      (seen) => seen >= 2,
    )
    await first.stop()
    const second = one.start()
    await isSafe(second, bytes)
    expect(received).toBe(bytes.length)
    const path = `${workspace}/${hash(bytes)}`
    const { data } = await bruno.client.storage.from('attachments').download(path)
    expect(hash(new Uint8Array((await data?.arrayBuffer()) ?? new ArrayBuffer()))).toBe(hash(bytes))
    await second.stop()
  })

  test('[F7] who may not write is told so of each file, who may not see gets nothing', async () => {
    const bytes = file(100)
    const reading = device(viewer)
    const files = reading.start()
    await attach({ files }, reading.engine, bytes, board())
    await reading.goOnline()
    await until(
      () => files.stateOf(hash(bytes)),
      (state) => state.kind === 'failed' && state.code === 'refused',
    )
    await files.stop()

    const theirs = file(100)
    const sender = device(ana)
    const sending = sender.start()
    await attach({ files: sending }, sender.engine, theirs, board())
    await sender.goOnline()
    await isSafe(sending, theirs)
    await sending.stop()
    const foreign = device(stranger)
    const looking = foreign.start()
    expect((await looking.find(board(), hash(theirs))).kind).toBe('nowhere')
    await looking.stop()
    const { signal } = new AbortController()
    await expect(foreign.server.sizes(workspace, [hash(theirs)], signal)).rejects.toThrow(FileServerError)
    const upload = { workspace, sha256: hash(theirs), bytes: 100, type: 'image/png', replace: true }
    await expect(foreign.server.begin(upload, signal)).rejects.toMatchObject({ reason: 'refused' })
  })

  test('[F10] a member who puts other bytes under a hash is found out by whoever looks', async () => {
    const bytes = file(100)
    const path = `${workspace}/${hash(bytes)}`
    await bruno.client.storage.from('attachments').upload(path, new Blob([file(100)], { type: 'image/png' }))
    const looking = device(ana)
    const files = looking.start()
    expect(await files.find(board(), hash(bytes))).toEqual({ kind: 'damaged' })
    await files.stop()
  })
})
