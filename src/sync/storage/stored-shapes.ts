/**
 * What a database holds may be anything: another version wrote it, a disk failed, somebody played in the developer
 * tools. Each part is looked at before it is believed. [D12] What cannot be read counts as unreadable, never throws, and
 * is told by a content that is not whole.
 */
import type { Cursor, PendingRecord, SetAside, SyncRecord, ToldRecord } from '../ports.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isText = (value: unknown): value is string => typeof value === 'string'

function isCursor(value: unknown): value is Cursor {
  return isObject(value) && isCount(value['seq']) && (value['op_id'] === null || isText(value['op_id']))
}

/** Null when it is none: the log is read from its start, which is always right. */
export function readRecord(value: unknown): SyncRecord | null {
  if (!isObject(value)) return null
  const { epoch, cursor, anchor, acknowledged } = value
  if (epoch !== null && !isText(epoch)) return null
  if (!isCursor(cursor) || !isCursor(anchor) || !(acknowledged instanceof Map)) return null
  for (const [client, clock] of acknowledged) if (!isCount(client) || !isCount(clock)) return null
  return { epoch, cursor, anchor, acknowledged: acknowledged as ReadonlyMap<number, number> }
}

/**
 * A pending change, under `<id>/<revision>`. One that cannot be read stands for one that deleted something, since that
 * is what only the record would have said: so the difference goes out whole.
 */
export function readPending(key: string, value: unknown): readonly [PendingRecord] {
  const [id = key, revision] = key.split('/')
  const unknown = { collection: '', entity: '', fields: [], at: 0, client: 0, deletes: true }
  const unreadable = [{ id, ...unknown, rev: Number(revision) || 0 }] as const
  if (!isObject(value)) return unreadable
  const { collection, entity, fields, at, client, deletes, rev } = value
  const readable =
    value['id'] === id &&
    isText(collection) &&
    isText(entity) &&
    Array.isArray(fields) &&
    fields.every(isText) &&
    typeof at === 'number' &&
    isCount(client) &&
    typeof deletes === 'boolean' &&
    isCount(rev)
  return readable ? [{ id, collection, entity, fields, at, client, deletes, rev }] : unreadable
}

export function readSetAside(_key: string, value: unknown): readonly SetAside[] {
  return isCursor(value) ? [value] : []
}

export function readTold(id: string, value: unknown): readonly ToldRecord[] {
  return isObject(value) && value['update'] instanceof Uint8Array ? [{ id, update: value['update'] }] : []
}

/** Bytes, or none: what is no update is found when it is applied. */
export function readBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array()
}
