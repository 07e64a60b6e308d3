import { adminClient } from '../harness/people.ts'
import { base64, write } from './log.ts'

// Compaction by hand, with the secret key: what the function `compact` calls.

export interface Job {
  doc: string
  lease: string
  from: number
  to: number
}

export async function call<T>(name: string, parameters: Record<string, unknown>): Promise<T> {
  const { data, error } = await adminClient().rpc(name, parameters)
  if (error) throw Object.assign(new Error(error.message), error)
  return data as T
}

export const claim = (...docs: string[]) => call<Job | null>('claim_compaction', { docs })
export const claimed = async (doc: string) => {
  const job = await claim(doc)
  if (!job) throw new Error(`${doc} was not lent`)
  return job
}
/** Puts this in the snapshot's place, in one part. */
export const finish = ({ lease }: Job, state = write('all of it'), unreadable: number[] = []) =>
  call('write_compaction', { lease, part: 0, bytes: base64(state), is_last: true, unreadable })
