/** What a `LogServer` answers; run over the twin in memory and, through supabase-js, over the SQL. */
import { beforeAll, describe, expect, test } from 'vitest'
import { newId, newUuid } from '../../domain/ids.ts'
import type { Cursor, LogServer } from '../ports.ts'
import { describeCompactedLog } from './compacted-log-contract.ts'
import { makeLogScene, updateOf, type LogScene, type LogWorld } from './log-scene.ts'

export function describeLogServerContract(makeWorld: () => Promise<LogWorld>): void {
  let scene: LogScene
  let world: LogWorld
  let agent: LogServer

  beforeAll(async () => {
    world = await makeWorld()
    agent = await world.person('agent')
    scene = makeLogScene(world, agent)
    ;({ freshBoard, operation, pull, read, filled, random, signal } = scene)
  })
  let { freshBoard, operation, pull, read, filled, random, signal } = {} as LogScene

  describe('push', () => {
    test('numbers operations by document, answers in order, and all of it is pulled again', async () => {
      const [one, two] = [freshBoard(), freshBoard()]
      const operations = [operation(one), operation(two), operation(one, { update: updateOf('second') })]
      const results = await agent.push(operations, signal)
      expect(results).toMatchObject([
        { doc: one, op_id: operations[0]?.op_id, status: 'accepted', seq: 1, duplicate: false },
        { doc: two, op_id: operations[1]?.op_id, status: 'accepted', seq: 1, duplicate: false },
        { doc: one, op_id: operations[2]?.op_id, status: 'accepted', seq: 2, duplicate: false },
      ])
      const answer = await read(one)
      expect(answer).toMatchObject({ head: 2, reset: false, more: false })
      expect(answer.updates).toMatchObject([
        { seq: 1, op_id: operations[0]?.op_id, update: operations[0]?.update },
        { seq: 2, op_id: operations[2]?.op_id, update: operations[2]?.update },
      ])
      const [first] = results
      expect(answer.epoch).toBe(first?.status === 'accepted' ? first.epoch : null)
    })

    test('[P28] an accepted operation names the one before it, whoever wrote that', async () => {
      const doc = freshBoard()
      const other = await world.person('admin')
      const [one, two, three, four] = [operation(doc), operation(doc), operation(doc), operation(doc)]
      expect(await agent.push([one], signal)).toMatchObject([{ seq: 1, after: null }])
      expect(await other.push([two], signal)).toMatchObject([{ seq: 2, after: one.op_id }])
      expect(await agent.push([three, one, four], signal)).toMatchObject([
        { seq: 3, after: two.op_id },
        { seq: 1, duplicate: true },
        { seq: 4, after: three.op_id },
      ])
    })

    test('[S5] the same operation again is the same line of the log', async () => {
      const doc = freshBoard()
      const same = operation(doc)
      await agent.push([same], signal)
      expect(await agent.push([operation(doc), same, same], signal)).toMatchObject([
        { seq: 2, duplicate: false },
        { seq: 1, duplicate: true },
        { seq: 1, duplicate: true },
      ])
      expect((await read(doc)).head).toBe(2)
    })

    test('a refused operation stops later ones of its document and no other', async () => {
      const [one, two] = [freshBoard(), freshBoard()]
      const bad = operation(one, { update: Uint8Array.of(1, 2, 3, 250) })
      expect(await agent.push([operation(one), bad, operation(one), operation(two)], signal)).toMatchObject([
        { status: 'accepted', seq: 1 },
        { status: 'refused', code: 'malformed_update' },
        { status: 'refused', code: 'after_refused' },
        { status: 'accepted', seq: 1 },
      ])
    })

    test.each([
      ['a stranger', null, {}, 'not_a_member'],
      ['a viewer', 'viewer', {}, 'read_only'],
      ['an unknown kind', 'agent', { kind: 'payroll' }, 'unknown_document_kind'],
      ['no update at all', 'agent', { update: new Uint8Array(0) }, 'malformed_update'],
      ['more than 4 MB', 'agent', { update: updateOf('x'.repeat(4 * 1024 * 1024)) }, 'too_large'],
    ] as const)('%s is refused by a code, and nothing is written', async (_name, role, what, code) => {
      const doc = 'kind' in what ? `ws/${world.workspace}/${what.kind}` : freshBoard()
      const person = await world.person(role)
      const part = 'update' in what ? { update: what.update } : {}
      expect(await person.push([operation(doc, part)], signal)).toMatchObject([{ status: 'refused', code }])
      const after = await pull(agent, doc)
      expect('error' in after ? 0 : after.head).toBe(0)
    })

    test('a foreign document and a missing one look the same', async () => {
      const stranger = await world.person(null)
      const { doc } = await filled(1)
      const missing = 'ws/00000000-0000-4000-8000-000000000000/board/main'
      for (const id of [doc, missing]) {
        expect(await stranger.push([operation(id)], signal)).toMatchObject([{ code: 'not_a_member' }])
        expect(await pull(stranger, id)).toEqual({ error: 'not_a_member' })
      }
    })

    test('nobody gets no answer at all', async () => {
      const doc = freshBoard()
      await expect(world.nobody.push([operation(doc)], signal)).rejects.toMatchObject({
        reason: 'unauthorised',
      })
      await expect(pull(world.nobody, doc)).rejects.toMatchObject({ reason: 'unauthorised' })
      expect((await read(doc)).head).toBe(0)
    })

    test('a conversation belongs to the workspace that first wrote in it', async () => {
      const doc = `conv/${newId(Date.now(), random.bytes)}`
      const [first] = await agent.push([operation(doc)], signal)
      expect(first).toMatchObject({ status: 'accepted', seq: 1 })
      const stranger = await world.person(null)
      expect(await stranger.push([operation(doc)], signal)).toMatchObject([{ code: 'not_a_member' }])
    })
  })

  describe('pull', () => {
    test('what nobody wrote yet is empty, and what cannot be is an error of its own', async () => {
      const doc = freshBoard()
      const answers = await agent.pull(
        new Map([
          [doc, { seq: 0, op_id: null }],
          ['payroll', { seq: 0, op_id: null }],
        ]),
        signal,
      )
      expect(answers.get(doc)).toEqual({ epoch: null, head: 0, reset: false, updates: [], more: false })
      expect(answers.get('payroll')).toEqual({ error: 'unknown_document_kind' })
    })

    test('gives what follows the cursor', async () => {
      const { doc, operations } = await filled(3)
      const after = await read(doc, { seq: 2, op_id: operations[1]?.op_id ?? '' })
      expect(after).toMatchObject({ head: 3, reset: false, updates: [{ seq: 3 }] })
      const current = await read(doc, { seq: 3, op_id: operations[2]?.op_id ?? '' })
      expect(current).toMatchObject({ head: 3, reset: false, updates: [], more: false })
    })

    test('is paged, and every page goes forward', async () => {
      const doc = freshBoard()
      const update = updateOf('y'.repeat(600_000))
      for (let n = 0; n < 3; n++) await agent.push([operation(doc, { update })], signal)
      const seen: number[] = []
      let cursor: Cursor = { seq: 0, op_id: null }
      for (let more = true; more;) {
        const page = await read(doc, cursor)
        expect(page.updates.length).toBeGreaterThan(0)
        seen.push(...page.updates.map(({ seq }) => seq))
        cursor = { seq: page.updates.at(-1)?.seq ?? 0, op_id: page.updates.at(-1)?.op_id ?? null }
        more = page.more
      }
      expect(seen).toEqual([1, 2, 3])
    })
  })

  describe('[S4] a server restored from an older backup', () => {
    test('takes a new epoch when a cursor names what it lost, and starts over', async () => {
      const { doc, operations } = await filled(3)
      const { epoch } = await read(doc)
      await world.forgetAfter(doc, 1)
      const answer = await read(doc, { seq: 3, op_id: operations[2]?.op_id ?? '' })
      expect(answer).toMatchObject({ head: 1, reset: true, updates: [{ seq: 1 }] })
      expect(answer.epoch).not.toBe(epoch)
      expect((await read(doc)).epoch).toBe(answer.epoch)
    })

    test('knows another operation at the same place for what it is', async () => {
      const { doc, operations } = await filled(2)
      await world.forgetAfter(doc, 1)
      await agent.push([operation(doc)], signal)
      expect(await read(doc, { seq: 2, op_id: operations[1]?.op_id ?? '' })).toMatchObject({
        reset: true,
        head: 2,
      })
    })

    test('refuses a push whose anchor it lost with its new epoch, and takes it without', async () => {
      const { doc, operations } = await filled(2)
      const { epoch } = await read(doc)
      await world.forgetAfter(doc, 1)
      const anchor = { seq: 2, op_id: operations[1]?.op_id ?? '' }
      const [lost] = await agent.push([operation(doc, { anchor })], signal)
      expect(lost).toMatchObject({ status: 'refused', code: 'anchor_lost' })
      expect(lost?.epoch).not.toBe(epoch)
      const [taken] = await agent.push([operation(doc)], signal)
      expect(taken).toMatchObject({ status: 'accepted', seq: 2, epoch: lost?.epoch })
    })

    test('a viewer who names a line that never was starts over alone: the epoch of the others stays', async () => {
      const viewer = await world.person('viewer')
      const { doc } = await filled(2)
      const { epoch } = await read(doc)
      const bogus = { seq: 9, op_id: newUuid(random.bytes) }
      expect(await pull(viewer, doc, bogus)).toMatchObject({ reset: true, epoch, head: 2 })
      expect((await read(doc)).epoch).toBe(epoch)
    })

    test('whoever names lines that never were, again and again, gets one epoch a minute', async () => {
      const { doc } = await filled(2)
      const bogus = () => ({ seq: 9, op_id: newUuid(random.bytes) })
      const first = await read(doc, bogus())
      expect(await read(doc, bogus())).toMatchObject({ reset: true, epoch: first.epoch })
      expect(await agent.push([operation(doc, { anchor: bogus() })], signal)).toMatchObject([
        { code: 'anchor_lost', epoch: first.epoch },
      ])
    })

    test('takes a push whose anchor it knows', async () => {
      const { doc, operations } = await filled(2)
      const anchor = { seq: 2, op_id: operations[1]?.op_id ?? '' }
      expect(await agent.push([operation(doc, { anchor })], signal)).toMatchObject([
        { status: 'accepted', seq: 3 },
      ])
    })

    test('believes a cursor without an operation as far as the log goes', async () => {
      const { doc } = await filled(2)
      expect(await read(doc, { seq: 1, op_id: null })).toMatchObject({ reset: false, updates: [{ seq: 2 }] })
      expect(await read(doc, { seq: 9, op_id: null })).toMatchObject({ reset: true })
    })
  })

  describeCompactedLog(() => scene)
}
