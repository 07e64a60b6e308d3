import { describe, expect, test } from 'vitest'
import type { Cursor, LogServer, PulledDocument } from './ports.ts'
import { makePuller, type Pulled } from './puller.ts'
import { makeVirtualClock } from './testing/virtual-clock.ts'

const line = (seq: number) => ({ seq, op_id: `op${seq}`, update: Uint8Array.of(0, 0) })

function documentNamed(id: string): Pulled & { position: { cursor: Cursor } } {
  const start: Cursor = { seq: 0, op_id: null }
  const document = {
    id,
    position: { cursor: start, anchor: start },
    applyPulled({ updates }: PulledDocument) {
      const last = updates.at(-1)
      if (last) document.position.cursor = { seq: last.seq, op_id: last.op_id }
      return true
    },
    catchUpWithHints: () => false,
    forgetHints() {},
  }
  return document
}

/** Each document has one line; a page has room for so many of them. */
function serverWithRoom(room: number): LogServer {
  return {
    push: async () => [],
    async pull(cursors) {
      let left = room
      return new Map(
        [...cursors].map(([id, { seq }]) => {
          const fits = seq === 0 && left-- > 0
          const more = seq === 0 && !fits
          return [id, { epoch: 'e', head: 1, reset: false, updates: fits ? [line(1)] : [], more }]
        }),
      )
    },
  }
}

describe('[S9] a page that is full', () => {
  test('of some documents brings the others with the next ones', async () => {
    const documents = ['a', 'b', 'c', 'd', 'e'].map(documentNamed)
    const pages: string[][] = []
    const puller = makePuller<Pulled>(
      { clock: makeVirtualClock(), server: serverWithRoom(2) },
      { refused() {}, paged: async (asked) => void pages.push([...asked].map(({ id }) => id)) },
    )
    await puller.pull(documents)
    expect(documents.map(({ position }) => position.cursor.seq)).toEqual([1, 1, 1, 1, 1])
    expect(pages).toEqual([['a', 'b', 'c', 'd', 'e'], ['c', 'd', 'e'], ['e']])
  })

  test('of none is a log that does not go on', async () => {
    const puller = makePuller<Pulled>(
      { clock: makeVirtualClock(), server: serverWithRoom(0) },
      { refused() {} },
    )
    await expect(puller.pull([documentNamed('a')])).rejects.toMatchObject({ reason: 'rejected' })
  })
})

test('[P26] a large snapshot is asked for until it is whole, and read once', async () => {
  const document = documentNamed('large')
  const read: PulledDocument[] = []
  let pages = 0
  const puller = makePuller<Pulled>(
    {
      clock: makeVirtualClock(),
      server: {
        push: async () => [],
        async pull() {
          const page = { epoch: 'e', head: 1, reset: false, updates: [], more: true }
          if (++pages <= 20) return new Map([['large', { ...page, arriving: true }]])
          return new Map([['large', { ...page, updates: [line(1)], more: false }]])
        },
      },
    },
    { refused() {} },
  )
  const { applyPulled } = document
  document.applyPulled = (answer, known) => {
    read.push(answer)
    return applyPulled(answer, known)
  }
  await puller.pull([document])
  expect([pages, read.length, document.position.cursor.seq]).toEqual([21, 1, 1])
})
