import { type Broadcast, userPayload } from './frames.ts'

/** A row of `realtime.messages`, its JSON as text. */
export interface StoredMessage {
  id: string
  topic: string
  event: string
  private: boolean | null
  payload: string | null
  binary_payload: Buffer | null
}

/** Null: a row with neither payload has nothing to tell. */
export function storedBroadcast(row: StoredMessage, marks: { replayed?: true } = {}): Broadcast | null {
  const meta = JSON.stringify({ ...marks, id: row.id })
  if (row.binary_payload) {
    return { form: 'bytes', event: row.event, encoding: 'binary', body: row.binary_payload, meta }
  }
  if (row.payload === null) return null
  return { form: 'text', payload: userPayload(row.event, row.payload, meta) }
}
