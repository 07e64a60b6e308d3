import { createHash } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import * as Y from 'yjs'
import { labels } from '../../src/domain/collections/labels.ts'
import { members } from '../../src/domain/collections/members.ts'
import { taskStatuses, tasks } from '../../src/domain/collections/tasks.ts'
import { boardDocument, directoryDocument } from '../../src/domain/document-ids.ts'
import { newId } from '../../src/domain/ids.ts'
import { addDays, localNow } from '../../src/domain/tasks/calendar-day.ts'
import { placeAt } from '../../src/domain/tasks/place.ts'
import { createEntity, richTextOf } from '../../src/sync/collection-map.ts'
import { type DemoLabel, demoLabels, demoTasks } from './task-list.ts'

interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly role: 'owner' | 'agent'
}

const HOUR = 3_600_000

/** Writes the demo's labels, people and tasks as a device would: two documents, pushed by a signed-in person.
 *  A second call writes nothing, because the push carries the same operation ids. */
export async function seedDemoTasks(
  client: SupabaseClient,
  { workspaceId, people }: { workspaceId: string; people: readonly [lia: DemoPerson, marta: DemoPerson] },
): Promise<void> {
  const now = Date.now()
  const directory = new Y.Doc()
  const labelIds = writeDirectory(directory, people, now)
  const board = new Y.Doc()
  board.transact(() => writeBoard(board, people, labelIds, now))
  const { data, error } = await client.rpc('push', {
    ops: [
      operation(directoryDocument(workspaceId), directory),
      operation(boardDocument(workspaceId, 'main'), board),
    ],
  })
  if (error) throw new Error(`The demo tasks could not be pushed: ${error.message}`)
  for (const result of (data as { results: { doc: string; status: string; code?: string }[] }).results) {
    if (result.status !== 'accepted') throw new Error(`The server refused ${result.doc}: ${result.code}`)
  }
}

function writeDirectory(
  doc: Y.Doc,
  people: readonly DemoPerson[],
  now: number,
): ReadonlyMap<DemoLabel, string> {
  const ids = new Map<DemoLabel, string>()
  doc.transact(() => {
    for (const person of people)
      createEntity(doc, members, person.id, { display_name: person.name, role: person.role })
    for (const [index, [name, pigment]] of Object.entries(demoLabels).entries()) {
      const id = newId(now - 90 * 24 * HOUR + index, randomBytes)
      createEntity(doc, labels, id, { name, pigment })
      ids.set(name as DemoLabel, id) // the keys of demoLabels
    }
  })
  return ids
}

function writeBoard(
  doc: Y.Doc,
  [lia, marta]: readonly [DemoPerson, DemoPerson],
  labelIds: ReadonlyMap<DemoLabel, string>,
  now: number,
): void {
  const today = localNow(new Date(now)).day
  for (const status of taskStatuses) {
    const column = demoTasks
      .filter((task) => task.status === status)
      .map((task, index) => {
        const at = now - (4 + index * 7) * HOUR
        return { ...task, id: newId(at, randomBytes), at }
      })
    const places = placeAt(
      [],
      0,
      column.map((task) => task.id),
      Math.random,
    )
    for (const [index, task] of column.entries()) {
      const map = createEntity(doc, tasks, task.id, {
        title: task.title,
        status,
        assignee: task.who === undefined ? null : (task.who === 'lia' ? lia : marta).id,
        priority: task.priority ?? null,
        labels: (task.labels ?? []).flatMap((label) => labelIds.get(label) ?? []),
        due: task.due === undefined ? null : addDays(today, task.due.inDays),
        due_time: task.due?.time ?? null,
        order: places[index]?.order ?? '',
        created_at: task.at,
        created_by: index % 3 === 0 ? marta.id : lia.id,
      })
      if (task.description !== undefined)
        richTextOf<typeof tasks>(map, 'description')?.insert(0, task.description)
    }
  }
}

function operation(document: string, doc: Y.Doc) {
  return {
    doc: document,
    op_id: uuidOf(`demo ${document}`),
    update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64'),
    client_ids: [doc.clientID],
  }
}

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}
