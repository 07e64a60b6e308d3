/** What a `LogServer` answers of a log that was compacted and trimmed; a part of its contract. */
import { beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { newUuid } from '../../domain/ids.ts'
import { updateOf, type LogScene } from './log-scene.ts'

export function describeCompactedLog(sceneOf: () => LogScene): void {
  describe('a log that was compacted', () => {
    let { world, agent, freshBoard, operation, read, random, signal } = {} as LogScene
    beforeAll(() => {
      ;({ world, agent, freshBoard, operation, read, random, signal } = sceneOf())
    })

    const contentOf = (state: Uint8Array | null | undefined) => {
      const doc = new Y.Doc()
      if (state) Y.applyUpdate(doc, state)
      return doc.getText('t').toJSON()
    }
    /** A board whose first lines are in a snapshot and gone; one more line follows. */
    const compacted = async (words: readonly string[]) => {
      const doc = freshBoard()
      const operations = words.map((word) => operation(doc, { update: updateOf(word) }))
      await agent.push(operations, signal)
      await world.snapshot(doc)
      await world.trim(doc)
      const [result] = await agent.push([operation(doc)], signal)
      return { doc, operations, result, ops: operations.map(({ op_id }) => op_id) }
    }

    test('[P23] starts with the snapshot where the lines are gone, in the epoch that is', async () => {
      const { doc, ops, result } = await compacted(['one ', 'two ', 'three '])
      expect(result).toMatchObject({ status: 'accepted', seq: 4 })
      const answer = await read(doc)
      expect(answer).toMatchObject({
        epoch: result?.epoch,
        head: 4,
        reset: false,
        snapshot: { seq: 3, op_id: ops[2] },
        updates: [{ seq: 4 }],
        more: false,
      })
      for (const word of ['one', 'two', 'three']) expect(contentOf(answer.snapshot?.state)).toContain(word)
      const later = await read(doc, { seq: 3, op_id: ops[2] ?? '' })
      expect(later).toMatchObject({ reset: false, updates: [{ seq: 4 }] })
      expect(later.snapshot).toBeUndefined()
    })

    test('[P23] lines that are still there and less than the snapshot go in its place', async () => {
      const doc = freshBoard()
      const large = updateOf('large'.repeat(500))
      const operations = [operation(doc, { update: large }), operation(doc), operation(doc)]
      await agent.push(operations, signal)
      await world.snapshot(doc)
      const near = await read(doc, { seq: 1, op_id: operations[0]?.op_id ?? '' })
      expect(near.snapshot).toBeUndefined()
      expect(near.updates.map(({ seq }) => seq)).toEqual([2, 3])
    })

    test('[P15] a device that was away for months goes on from the snapshot, in the epoch that is', async () => {
      const { doc, ops, result } = await compacted(['one', 'two', 'three'])
      const back = await read(doc, { seq: 1, op_id: ops[0] ?? '' })
      expect(back).toMatchObject({ epoch: result?.epoch, reset: false, snapshot: { seq: 3 } })
      const anchor = { seq: 2, op_id: ops[1] ?? '' }
      expect(await agent.push([operation(doc, { anchor })], signal)).toMatchObject([
        { status: 'accepted', seq: 5, epoch: result?.epoch },
      ])
    })

    test('[P15] a place that never was is told from one that was trimmed', async () => {
      const { doc, result } = await compacted(['one', 'two', 'three'])
      const other = { seq: 2, op_id: newUuid(random.bytes) }
      const answer = await read(doc, other)
      expect(answer).toMatchObject({ reset: true, snapshot: { seq: 3 } })
      expect(answer.epoch).not.toBe(result?.epoch)
      expect(await agent.push([operation(doc, { anchor: other })], signal)).toMatchObject([
        { code: 'anchor_lost', epoch: answer.epoch },
      ])
    })

    test('[P11] an operation that comes again when its line is gone is still the same one', async () => {
      const { doc, operations } = await compacted(['one', 'two', 'three'])
      expect(await agent.push(operations.toReversed(), signal)).toMatchObject([
        { status: 'accepted', seq: 3, duplicate: true },
        { status: 'accepted', seq: 2, duplicate: true },
        { status: 'accepted', seq: 1, duplicate: true },
      ])
      expect((await read(doc)).head).toBe(4)
    })

    test('[K2] compacted again and again, it holds everything', async () => {
      const { doc } = await compacted(['one '])
      const words = ['two ', 'three ', 'four ']
      for (const word of words) {
        await agent.push([operation(doc, { update: updateOf(word) })], signal)
        await world.snapshot(doc)
        await world.trim(doc)
      }
      const answer = await read(doc)
      expect(answer).toMatchObject({ head: 5, snapshot: { seq: 5 }, updates: [], more: false })
      for (const word of ['one ', ...words]) expect(contentOf(answer.snapshot?.state)).toContain(word)
    })

    test('[P26] a large snapshot comes in pieces, whole at last, with the lines after it', async () => {
      const doc = freshBoard()
      // Of digits that do not repeat, so that nothing between can make it small.
      const large = Array.from({ length: 60_000 }, () => random.below(2 ** 31).toString(36)).join('')
      for (let at = 0; at < large.length; at += 100_000) {
        await agent.push([operation(doc, { update: updateOf(large.slice(at, at + 100_000)) })], signal)
      }
      await agent.push([operation(doc, { update: updateOf('x'.repeat(2_000_000)) })], signal)
      await world.snapshot(doc)
      await world.trim(doc)
      await agent.push([operation(doc)], signal)
      let pieces = 0
      let answer = await read(doc)
      for (; answer.arriving; pieces++) {
        expect(answer).toMatchObject({ more: true, updates: [], reset: false })
        expect(answer.snapshot).toBeUndefined()
        answer = await read(doc)
      }
      expect(pieces).toBeGreaterThan(1)
      expect(answer.snapshot?.state?.byteLength).toBeGreaterThan(2_300_000)
      expect(contentOf(answer.snapshot?.state)).toContain(large.slice(0, 100_000))
      expect(answer.updates.length + (answer.more ? 1 : 0)).toBe(1)
    })
  })
}
