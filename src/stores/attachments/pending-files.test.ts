import { describe, expect, test } from 'vitest'
import type { FileState, UnsentFile } from '../../sync/attachments/file-state.ts'
import type { SyncState } from '../../sync/sync-state.ts'
import { groupPending } from '../pending-groups.ts'
import { fileOfChange, withFiles } from './pending-files.ts'

const idle: SyncState = {
  pending: [],
  sending: false,
  lastSyncedAt: 1,
  storage: 'ok',
  problem: null,
  calls: { kind: 'normal' },
}
const sha256 = 'a'.repeat(64)
const file = (state: FileState, at = 5): UnsentFile => ({
  sha256,
  doc: 'board',
  entity: 'photo',
  name: 'panel.png',
  bytes: 100,
  at,
  // States of unsent files alone are given here.
  state: state as UnsentFile['state'],
})

describe('a file that waits is counted with all else that does', () => {
  test.each<[FileState, object]>([
    [{ kind: 'waiting', why: 'network', inMemory: false }, { state: 'device' }],
    [{ kind: 'waiting', why: 'network', inMemory: true }, { state: 'memory' }],
    [
      { kind: 'waiting', why: 'wifi', inMemory: false },
      { state: 'device', held: 'wifi' },
    ],
    [
      { kind: 'waiting', why: 'paused', inMemory: false },
      { state: 'device', held: 'paused' },
    ],
    [
      { kind: 'sending', sent: 40, inMemory: false },
      { state: 'sending', file: { name: 'panel.png', bytes: 100, sent: 40 } },
    ],
    [
      { kind: 'failed', code: 'too-large', inMemory: false },
      { state: 'refused', refusal: { code: 'file_too-large', message: 'too-large' } },
    ],
  ])('[S12] [F2] %j', (state, shown) => {
    const [change] = withFiles(idle, [file(state)]).pending
    expect(change).toMatchObject({ ...shown, doc: 'board', collection: 'attachments', entity: 'photo' })
    expect(fileOfChange(change?.id ?? '')).toBe(sha256)
  })

  test('as one thing with the fact that names it, which nobody’s wish keeps back', () => {
    const fact = { id: 'A', doc: 'board', collection: 'attachments', entity: 'photo', fields: ['name'] }
    const waiting = file({ kind: 'waiting', why: 'wifi', inMemory: false })
    const state = withFiles({ ...idle, pending: [{ ...fact, at: 4, state: 'device' }] }, [waiting])
    const groups = groupPending(state.pending)
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ at: 4, file: { name: 'panel.png' }, held: undefined })
    expect(fileOfChange('A')).toBeNull()
  })

  test('oldest first, and where no file waits nothing is made anew', () => {
    const change = { id: 'A', doc: 'd', collection: 'tasks', entity: 't', fields: [], at: 9 }
    const state: SyncState = { ...idle, pending: [{ ...change, state: 'device' }] }
    const waiting = file({ kind: 'waiting', why: 'network', inMemory: false }, 5)
    expect(withFiles(state, [waiting]).pending.map(({ at }) => at)).toEqual([5, 9])
    expect(withFiles(state, [])).toBe(state)
  })
})
