// Messages that the database sent to a private topic earlier, newest `limit` of them, oldest first.

import type { Sql } from 'postgres'
import { type Broadcast, encodeBroadcast, type Vsn } from './frames.ts'
import { fields } from './join-config.ts'
import { type StoredMessage, storedBroadcast } from './stored-message.ts'

interface Replayed {
  ids: ReadonlySet<string>
  frames: (string | Buffer)[]
}

const most = 25
const usual = 10

export async function readReplay(
  sql: Sql,
  channel: { vsn: Vsn; topic: string; subtopic: string },
  replay: unknown,
): Promise<Replayed | string> {
  if (replay === undefined) return { ids: new Set(), frames: [] }
  const { since = 0, limit = usual } = fields(replay) ?? { since: 'not given' }
  if (!Number.isSafeInteger(since) || !Number.isSafeInteger(limit)) {
    return 'UnableToReplayMessages: Replay params are not valid'
  }
  const rows = await sql<StoredMessage[]>`
    select id, topic, event, private, payload::text as payload, binary_payload from realtime.messages
    where topic = ${channel.subtopic} and private and extension = 'broadcast' and event is not null
      and inserted_at >= to_timestamp(${Number(since)}::float8 / 1000) at time zone 'utc'
    order by inserted_at desc, id limit ${Math.max(1, Math.min(most, Number(limit)))}`
  const broadcasts = rows.reverse().map((row) => storedBroadcast(row, { replayed: true }))
  const frames = broadcasts
    .filter((broadcast): broadcast is Broadcast => broadcast !== null)
    .map((broadcast) => encodeBroadcast(channel.vsn, channel.topic, broadcast))
    .filter((frame) => frame !== null)
  return { ids: new Set(rows.map((row) => row.id)), frames }
}
