/** The log's twin with its sockets, and beside it what the log holds, as a document that can be asked. */
import * as Y from 'yjs'
import { makeLogTwin, type LogTwin } from '../testing/log-twin.ts'
import type { Clock, LiveListener, UpdateHint } from '../ports.ts'
import type { SeededRandom } from './seeded.ts'

export interface Socket {
  readonly topic: string
  readonly listener: LiveListener
  joined: boolean
  /** The server has let it go, and the device does not know. */
  halfOpen: boolean
  deliver(hint: UpdateHint): void
  drop(reason: string): void
}

export interface Server {
  readonly twin: LogTwin
  readonly sockets: Set<Socket>
  /** Documents that the log has. */
  documents(): Iterable<string>
  /** What the log holds. */
  held(documentId: string): Y.Doc
  /** Every socket drops; nothing else is lost. */
  restart(): void
  /** Gives what puts this moment back. */
  backup(): () => void
}

// Small ones, so that a few edits take several pages and a snapshot comes in slices.
const PAGES = [300, 2_000, 1_000_000]

export function makeServer(random: SeededRandom, clock: Clock): Server {
  const twin = makeLogTwin(random, clock, { pageBytes: random.pick(PAGES) ?? 1_000_000 })
  const sockets = new Set<Socket>()
  const held = new Map<string, Y.Doc>()

  const of = (id: string): Y.Doc => {
    const doc = held.get(id) ?? new Y.Doc({ guid: id })
    held.set(id, doc)
    return doc
  }

  twin.onHint((topic, hint) => {
    const line = twin.updates(hint.doc).at(-1)
    if (line?.update) Y.applyUpdate(of(hint.doc), line.update)
    for (const socket of Array.from(sockets))
      if (socket.topic === topic && socket.joined) socket.deliver(hint)
  })

  return {
    twin,
    sockets,
    documents: () => held.keys(),
    held: of,
    restart() {
      for (const socket of Array.from(sockets)) socket.drop('the server went away')
    },
    backup() {
      const restore = twin.backup()
      const then = [...held].map(([id, doc]) => [id, Y.encodeStateAsUpdate(doc)] as const)
      return () => {
        restore()
        held.clear()
        for (const [id, state] of then) Y.applyUpdate(of(id), state)
      }
    },
  }
}
