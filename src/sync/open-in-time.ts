import { inTime } from './in-time.ts'
import type { Clock, DocumentStorage, StoredDocument } from './ports.ts'

const OPEN_TIMEOUT = 5_000
// A frozen tab that holds a transaction open blocks every other one for as long as it is frozen.
const ANSWER_TIMEOUT = 10_000

/** A blocked database may never answer; a document must not wait for it longer than a person would. */
export async function openInTime(
  clock: Clock,
  storage: DocumentStorage,
  id: string,
): Promise<StoredDocument> {
  const opening = storage.open(id)
  try {
    return answeringInTime(clock, await inTime(clock, OPEN_TIMEOUT, () => opening))
  } catch (error) {
    // One that opens after all must not block others.
    void opening.then((late) => late.close()).catch(() => {})
    throw error
  }
}

function answeringInTime(
  clock: Clock,
  { read, write, compact, advance, replace, onLost, close }: StoredDocument,
): StoredDocument {
  return {
    read: () => inTime(clock, ANSWER_TIMEOUT, read),
    write: (batch) => inTime(clock, ANSWER_TIMEOUT, () => write(batch)),
    compact: (encode) => inTime(clock, ANSWER_TIMEOUT, () => compact(encode)),
    advance: (next) => inTime(clock, ANSWER_TIMEOUT, () => advance(next)),
    replace: (batch, generation) => inTime(clock, ANSWER_TIMEOUT, () => replace(batch, generation)),
    onLost,
    close,
  }
}
