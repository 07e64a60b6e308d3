import { describe, expect, test } from 'vitest'
import { boardDocument, directoryDocument, topicOf, workspaceTopic } from './document-ids.ts'
import { documentKindOf } from './document-kinds.ts'

const workspace = '0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
const conversation = '01ARYZ6S41TSV4RRFFQ69G5FAV'

describe('documentKindOf', () => {
  test.each([
    [directoryDocument(workspace), 'directory'],
    [`ws/${workspace}/inbox`, 'inbox'],
    [`ws/${workspace}/fleet`, 'fleet'],
    [boardDocument(workspace, 'main'), 'board'],
    [`ws/${workspace}/board/main/archive/2026`, 'archive'],
    [`ws/${workspace}/metrics/2026-02`, 'metrics'],
    [`conv/${conversation}`, 'conversation'],
    [`conv/${conversation}/notes`, 'notes'],
  ])('%s is a %s', (id, kind) => {
    expect(documentKindOf(id)).toBe(kind)
  })

  test.each([
    '',
    'ws/not-a-uuid/directory',
    `ws/${workspace}/payroll`,
    `ws/${workspace}/board/Main`,
    `ws/${workspace}/board/${'a'.repeat(65)}`,
    `ws/${workspace}/metrics/2026-13`,
    `conv/${conversation.toLowerCase()}`,
    `conv/${conversation}/notes/more`,
    ` ${directoryDocument(workspace)}`,
  ])('%j is no document', (id) => {
    expect(documentKindOf(id)).toBeNull()
  })
})

test('a document speaks on the topic of its workspace or conversation', () => {
  expect(topicOf(boardDocument(workspace, 'main'))).toBe(workspaceTopic(workspace))
  expect(topicOf(`conv/${conversation}/notes`)).toBe(`conv:${conversation}`)
})
