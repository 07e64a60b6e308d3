import type { SupabaseClient } from '@supabase/supabase-js'
import { describe, expect, test } from 'vitest'
import { makeLogServer } from './log-server.ts'

const { signal } = new AbortController()

/** A client whose every call gets this answer. */
function answering(answer: {
  data?: unknown
  error?: { code: string; message: string } | null
  status: number
}) {
  const rpc = () => ({ abortSignal: async () => ({ data: null, error: null, ...answer }) })
  return makeLogServer({ rpc } as unknown as Pick<SupabaseClient, 'rpc'>)
}

const failing = (status: number, code = '') => answering({ status, error: { code, message: 'no' } })
const pull = (server: ReturnType<typeof makeLogServer>) =>
  server.pull(new Map([['ws/x/inbox', { seq: 0, op_id: null }]]), signal)

describe('a call that failed', () => {
  test.each([
    [0, '', 'unreachable'],
    [401, 'PGRST301', 'unauthorised'],
    [403, '42501', 'unauthorised'],
    [404, 'PGRST202', 'incompatible'],
    [400, 'PT400', 'rejected'],
    [413, '', 'rejected'],
    [429, '', 'busy'],
    [500, '', 'busy'],
    [503, 'PGRST000', 'busy'],
  ])('with %d %s is %s', async (status, code, reason) => {
    await expect(failing(status, code).push([], signal)).rejects.toMatchObject({
      name: 'LogServerError',
      reason,
    })
    await expect(pull(failing(status, code))).rejects.toMatchObject({ reason })
  })
})

describe('an answer that is not this server’s', () => {
  test.each([
    ['a page', '<html>Welcome to the hotel</html>'],
    ['nothing', null],
    ['a list', []],
    ['another shape', { docs: [], results: {} }],
    ['a document without a head', { docs: { x: { updates: [] } }, results: 'none' }],
    ['lines that are none', { docs: { x: { head: 1, updates: ['?'] } }, results: 1 }],
  ])('%s counts as no answer', async (_name, data) => {
    await expect(pull(answering({ status: 200, data }))).rejects.toMatchObject({ reason: 'unreachable' })
    await expect(answering({ status: 200, data }).push([], signal)).rejects.toMatchObject({
      reason: 'unreachable',
    })
  })
})

test('bytes that are no base64 are handed on as none, to be set aside with their place', async () => {
  const data = {
    docs: {
      'ws/x/inbox': { epoch: 'e', head: 2, updates: [{ seq: 2, op_id: 'o', update: '***' }], more: false },
    },
  }
  expect((await pull(answering({ status: 200, data }))).get('ws/x/inbox')).toEqual({
    epoch: 'e',
    head: 2,
    reset: false,
    more: false,
    updates: [{ seq: 2, op_id: 'o', update: null }],
  })
})
