/**
 * Proof that the simulation can fail: engines broken on purpose, each by something put between the engine and one of
 * its ports, as if the engine itself had forgotten it. A run finds every one of them within a few hundred seeds.
 */
import type { Cursor, LogServer, PulledDocument, StorageBatch, StoredDocument, SyncPorts } from '../ports.ts'
import type { Breakage } from './world.ts'

const stored =
  (change: (document: StoredDocument) => Partial<StoredDocument>): Breakage =>
  (ports) => ({
    ...ports,
    storage: {
      ...ports.storage,
      async open(id) {
        const document = await ports.storage.open(id)
        return { ...document, ...change(document) }
      },
    },
  })

const written = (change: (batch: StorageBatch) => StorageBatch): Breakage =>
  stored(({ write }) => ({ write: (batch) => write(change(batch)) }))

const asked =
  (change: (server: LogServer) => Partial<LogServer>): Breakage =>
  (ports) => ({
    ...ports,
    server: { ...ports.server, ...change(ports.server) },
  })

const pulled = (change: (answer: PulledDocument, id: string) => PulledDocument): Breakage =>
  asked(({ pull }) => ({
    async pull(cursors, signal) {
      const answers = await pull(cursors, signal)
      return new Map(
        [...answers].map(([id, answer]) => [id, 'error' in answer ? answer : change(answer, id)]),
      )
    },
  }))

function takeEveryHint(ports: SyncPorts): SyncPorts {
  const places = new Map<string, Cursor>()
  return {
    ...pulled((answer, id) => {
      const last = answer.updates.at(-1) ?? answer.snapshot
      if (last) places.set(id, { seq: last.seq, op_id: last.op_id })
      return answer
    })(ports),
    live: {
      join: (topic, listener) =>
        ports.live.join(topic, {
          ...listener,
          hint(hint) {
            const after = places.get(hint.doc) ?? { seq: hint.seq - 1, op_id: hint.after }
            places.set(hint.doc, { seq: after.seq + 1, op_id: hint.op_id })
            listener.hint({ ...hint, seq: after.seq + 1, after: after.op_id })
          },
        }),
    },
  }
}

function settleUnanswered(ports: SyncPorts): SyncPorts {
  const epochs = new Map<string, string>()
  const watched = pulled((answer, id) => {
    if (answer.epoch) epochs.set(id, answer.epoch)
    return answer
  })(ports)
  return asked(({ push }) => ({
    push: (operations, signal) =>
      push(operations, signal).catch(() =>
        operations.map(({ doc, op_id, anchor }) => ({
          doc,
          op_id,
          status: 'accepted' as const,
          seq: (anchor?.seq ?? 0) + 1,
          epoch: epochs.get(doc) ?? op_id,
          duplicate: false,
        })),
      ),
  }))(watched)
}

export const breakages: Readonly<Record<string, Breakage>> = {
  'a write is called durable before it is': stored(({ write }) => ({
    async write(batch) {
      void write(batch).catch(() => {})
    },
  })),
  'a transaction leaves out an update': written((batch) => ({ ...batch, updates: batch.updates.slice(1) })),
  'the journal does not say that something was deleted': written((batch) => ({
    ...batch,
    pending: batch.pending.map((record) => ({ ...record, deletes: false })),
  })),
  'what siblings told is taken for stored': (ports) => ({
    ...ports,
    tabs: {
      ...ports.tabs,
      post: (message) => ports.tabs.post('number' in message ? { ...message, number: 0 } : message),
    },
  }),
  'no place in the log is named': asked(({ push, pull }) => ({
    push: (operations, signal) =>
      push(
        operations.map((operation) => ({ ...operation, anchor: null })),
        signal,
      ),
    pull: (cursors, signal) =>
      pull(new Map([...cursors].map(([id, { seq }]) => [id, { seq, op_id: null }])), signal),
  })),
  'a page of the log is skipped': pulled((answer) => ({ ...answer, updates: answer.updates.slice(1) })),
  'no answer counts as accepted': settleUnanswered,
  'hints are taken in any order': takeEveryHint,
  'timers are not taken back': (ports) => ({
    ...ports,
    clock: {
      ...ports.clock,
      after(milliseconds, run) {
        ports.clock.after(milliseconds, run)
        return () => {}
      },
    },
  }),
  'every tab leads': (ports) => ({
    ...ports,
    locks: ports.locks && {
      hold: (_name, _options, held) => held(new AbortController().signal),
      holdIfFree: async (_name, held) => held(new AbortController().signal).then(() => true),
    },
  }),
  'tabs do not speak to each other': (ports) => ({ ...ports, tabs: { ...ports.tabs, post() {} } }),
  'unsent documents are not marked': (ports) => ({
    ...ports,
    storage: { ...ports.storage, mark: async () => {} },
  }),
}
