/** What can be wrong with a document's data, in words for a person: what happened, to what, what follows. */
import type { SetAside } from './ports.ts'
import type { SyncProblem } from './sync-state.ts'

export const corruptRecord = (id: string): SyncProblem => ({
  code: 'corrupt_record',
  message: `A part of the local copy of ${id} could not be read. It is read from the server again.`,
})

export const updateSetAside = (id: string, aside: readonly SetAside[]): SyncProblem => ({
  code: 'update_set_aside',
  message: `Update ${aside.map(({ seq }) => seq).join(', ')} of ${id} could not be read and was set aside. The rest goes on.`,
})

export const notGiven = (id: string, code: string): SyncProblem => ({
  code,
  message: `The server does not give ${id} to this person (${code}).`,
})

export const malformedAnswer = (id: string): SyncProblem => ({
  code: 'malformed_answer',
  message: `What the server answered about ${id} could not be read. It is asked again; other documents go on.`,
})

export const unsentLost = (id: string): SyncProblem => ({
  code: 'unsent_lost',
  message: `The local copy of ${id} was removed with edits that were not sent. What the server has came back.`,
})
