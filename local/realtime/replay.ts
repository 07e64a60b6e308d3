// Messages that the database sent to a private topic earlier, newest `limit` of them, oldest first.

import type { Sql } from 'postgres'
import { answered } from './deadline.ts'
import { encodeBroadcast, type Vsn } from './frames.ts'
import { fields } from './join-config.ts'
import { Snapshot } from './snapshot.ts'
import { type StoredMessage, storedBroadcast } from './stored-message.ts'

interface Replayed {
  /** Null: nothing was asked for, so nothing that comes is held against it. */
  snapshot: Snapshot | null
  frames: (string | Buffer)[]
}

const most = 25
const usual = 10

export async function readReplay(
  sql: Sql,
  channel: { vsn: Vsn; topic: string; subtopic: string },
  replay: unknown,
): Promise<Replayed | string> {
  if (replay === undefined) return { snapshot: null, frames: [] }
  const { since = 0, limit = usual } = fields(replay) ?? { since: 'not given' }
  if (!Number.isSafeInteger(since) || !Number.isSafeInteger(limit)) {
    return 'UnableToReplayMessages: Replay params are not valid'
  }
  const query = sql<(StoredMessage & { snapshot: string })[]>`
    select pg_current_snapshot()::text as snapshot, m.* from (values (1)) as always
    left join (
      select id, topic, event, private, payload::text as payload, binary_payload, inserted_at from realtime.messages
      where topic = ${channel.subtopic} and private and extension = 'broadcast' and event is not null
        and inserted_at >= to_timestamp(${Number(since)}::float8 / 1000) at time zone 'utc'
      order by inserted_at desc, id limit ${Math.max(1, Math.min(most, Number(limit)))}
    ) m on true order by m.inserted_at, m.id desc`
  const rows = await answered(query)
  const frames = rows
    .map((row) => (row.id === null ? null : storedBroadcast(row, { replayed: true })))
    .map((broadcast) => broadcast && encodeBroadcast(channel.vsn, channel.topic, broadcast))
    .filter((frame) => frame !== null)
  return { snapshot: new Snapshot(rows[0]?.snapshot ?? ''), frames }
}
