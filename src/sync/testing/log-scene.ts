/** What the parts of the contract stand on: a world with a log, and a person of its workspace who may write. */
import * as Y from 'yjs'
import { newUuid } from '../../domain/ids.ts'
import type { Cursor, LogServer, PushOperation } from '../ports.ts'
import type { Role } from './log-twin.ts'
import { makeSeededRandom } from './seeded-random.ts'

export interface LogWorld {
  readonly workspace: string
  /** A fresh person of the workspace, or of none. */
  person(role: Role | null): Promise<LogServer>
  readonly nobody: LogServer
  /** The server comes back from a backup that ends here. */
  forgetAfter(document: string, seq: number): Promise<void>
  /** Everything up to the head is now in a snapshot; the lines stay. */
  snapshot(document: string): Promise<void>
  /** The lines behind the snapshot are as old as retention wants them, and gone. */
  trim(document: string): Promise<void>
}

const { signal } = new AbortController()
const seed = Date.now() & 0xffffff
const random = makeSeededRandom(seed)
let boards = 0

export type LogScene = ReturnType<typeof makeLogScene>

export function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

export function makeLogScene(world: LogWorld, agent: LogServer) {
  const freshBoard = () => `ws/${world.workspace}/board/b${seed}-${boards++}`
  const operation = (doc: string, part: Partial<PushOperation> = {}): PushOperation => ({
    doc,
    op_id: newUuid(random.bytes),
    update: updateOf('x'),
    client_ids: [random.below(2 ** 31)],
    workspace: world.workspace,
    anchor: null,
    ...part,
  })
  const pull = async (server: LogServer, doc: string, cursor: Cursor = { seq: 0, op_id: null }) => {
    const answer = (await server.pull(new Map([[doc, cursor]]), signal)).get(doc)
    if (!answer) throw new Error(`no answer for ${doc}`)
    return answer
  }
  return {
    world,
    agent,
    random,
    signal,
    freshBoard,
    operation,
    pull,
    async read(doc: string, cursor?: Cursor) {
      const answer = await pull(agent, doc, cursor)
      if ('error' in answer) throw new Error(answer.error)
      return answer
    },
    /** A board with so many updates; gives their operations. */
    async filled(count: number) {
      const doc = freshBoard()
      const operations = Array.from({ length: count }, () => operation(doc))
      await agent.push(operations, signal)
      return { doc, operations }
    },
  }
}
