/**
 * Ours: the real engine over unmodified supabase-js, against the embedded stack in a process of its own with its real
 * PostgreSQL. In Node a device keeps its documents in memory, as the peers' devices do.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boardDocument } from '../../src/domain/document-ids.ts'
import type { Observable } from '../../src/sync/observable.ts'
import { cpuSecondsOf, familyOf, startProcess, type ServerProcess } from '../measure/process.ts'
import type { Contender, Device, Running } from './contender.ts'
import { addMember, makePerson, makeWorkspace, type Keys, type Person } from './people.ts'
import { startEngine } from './tideline-device.ts'

export interface RunningTideline extends Running {
  readonly workspace: string
  /** Signed in, and in the workspace; devices are theirs in turns. */
  readonly people: readonly Person[]
  readonly keys: Keys
  documentOf(name: string): string
}

export const tideline: Contender & { start(): Promise<RunningTideline> } = {
  name: 'Tideline',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'tideline-bench-'))
    let port = '0'
    let server: ServerProcess
    const start = async () => {
      server = await startProcess(['bench/servers/stack.ts', folder, port], /^ready (.*)$/)
      const keys = JSON.parse(server.ready) as Keys
      port = new URL(keys.url).port
      return keys
    }
    const keys = await start()
    const people = [await makePerson(keys), await makePerson(keys)]
    const [owner, ...others] = people
    if (!owner) throw new Error('There is nobody.')
    const workspace = await makeWorkspace(owner)
    for (const other of others) await addMember(keys, workspace, other)
    const documentOf = (name: string) => boardDocument(workspace, name)
    let devices = 0
    const signIn = async (url: string) => {
      const person = people[devices++ % people.length]
      if (!person) throw new Error('There is nobody.')
      return { person, client: await person.signIn({ ...keys, url }) }
    }
    let prepared: ReturnType<typeof signIn> | null = null
    return {
      workspace,
      people,
      keys,
      documentOf,
      port: () => Number(port),
      async prepare() {
        prepared = signIn(keys.url)
        await prepared
      },
      async device(document, throughPort): Promise<Device> {
        const url = throughPort === undefined ? keys.url : `http://127.0.0.1:${throughPort}`
        const { person, client } = await (prepared ?? signIn(url))
        prepared = null
        const { engine, connectivity } = startEngine(client, person.id, workspace)
        return deviceOf(engine, connectivity, documentOf(document))
      },
      async crash() {
        // All that belongs to it, the database too: nothing gets a chance to write what it still held.
        for (const pid of familyOf(server.pid).slice(1)) process.kill(pid, 'SIGKILL')
        await server.end('SIGKILL')
        await start()
      },
      async restart() {
        await server.end('SIGTERM')
        await start()
      },
      cpuSeconds: () => cpuSecondsOf(server.pid),
      async stop() {
        await server.end('SIGTERM')
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

type Started = ReturnType<typeof startEngine>

async function deviceOf(
  engine: Started['engine'],
  connectivity: Started['connectivity'],
  document: string,
): Promise<Device> {
  const handle = engine.open(document)
  await handle.loaded
  engine.presence.look(document)
  await seen(engine.connection, ({ kind }) => kind === 'live')
  const unsaved = () => new Set(engine.state.get().pending.map(({ entity }) => entity))
  return {
    get doc() {
      return handle.doc
    },
    edit: (row, work) => handle.change({ collection: 'tasks', entity: row, fields: ['title'] }, work),
    inCompany: () => seen(engine.presence.people, (people) => people.length > 0),
    saved: () => seen(engine.state, ({ pending }) => pending.length === 0),
    watchUnsaved: (listener) => void engine.state.subscribe(() => listener(unsaved())),
    disconnect: async () => connectivity.leave(),
    connect: connectivity.comeBack,
    async close() {
      handle.release()
      await engine.stop()
    },
  }
}

function seen<T>(observable: Observable<T>, fits: (value: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!fits(observable.get())) return
      stop()
      resolve()
    }
    const stop = observable.subscribe(look)
    look()
  })
}
