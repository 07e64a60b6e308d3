import { createEffect, createRoot } from 'solid-js'
import { describe, expect, test } from 'vitest'
import { makeSubject } from '../sync/observable.ts'
import type { PresentPerson } from '../sync/presence/people.ts'
import { createWorkspacePresence } from './presence.ts'

const board = 'ws/0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f/board/main'
const at = (entity: string | null, typing = false) => ({
  doc: board,
  entity,
  away: false,
  typing,
  cursor: null,
})

describe('who is here, for screens', () => {
  test('one person who moves tells only those who ask for where they were and are', () => {
    const people = makeSubject<readonly PresentPerson[]>([])
    createRoot((dispose) => {
      const presence = createWorkspacePresence({ people, look() {}, point() {}, type() {} }, 'lia')
      const asked: Record<string, number> = {}
      for (const task of ['one', 'two', 'three']) {
        createEffect(() => {
          presence.at(board, task)
          asked[task] = (asked[task] ?? 0) + 1
        })
      }
      people.set([
        { id: 'lia', away: false, places: [at('three')] },
        { id: 'marta', away: false, places: [at('one')] },
      ])
      expect(presence.others()).toEqual([{ id: 'marta', away: false }])
      expect(presence.at(board, 'one')).toMatchObject([{ id: 'marta', typing: false }])
      expect(presence.at(board, 'three')).toEqual([])
      const before = { ...asked }
      people.set([{ id: 'marta', away: false, places: [at('two', true)] }])
      expect(presence.at(board, 'one')).toEqual([])
      expect(presence.at(board, 'two')).toMatchObject([{ id: 'marta', typing: true }])
      expect(asked['three']).toBe(before['three'])
      dispose()
    })
  })
})
