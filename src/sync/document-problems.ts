/** What is wrong with one document, for its person and for the connection log. */
import type { SetAside, SyncPorts } from './ports.ts'
import { corruptRecord, malformedAnswer, notGiven, updateSetAside } from './sync-problems.ts'
import type { SyncProblem } from './sync-state.ts'

export interface DocumentProblems {
  readonly current: SyncProblem | null
  setAside(updates: readonly SetAside[]): void
  corrupt(): void
  /** The server does not give it to this person. */
  refused(code: string): void
  /** It does, after all. */
  given(): void
  /** The document is another one. */
  clear(): void
}

export function makeDocumentProblems(
  id: string,
  note: SyncPorts['log'],
  changed: () => void,
): DocumentProblems {
  let problem: SyncProblem | null = null
  let refusal: SyncProblem | null = null
  return {
    get current() {
      return problem ?? refusal
    },
    setAside(updates) {
      if (updates.length === 0) return
      problem = updateSetAside(id, updates)
      note({ code: 'update-set-aside', doc: id })
      changed()
    },
    corrupt() {
      problem = corruptRecord(id)
      note({ code: 'corrupt-record', doc: id })
      changed()
    },
    refused(code) {
      refusal = code === 'malformed_answer' ? malformedAnswer(id) : notGiven(id, code)
      note({ code: 'document-not-given', doc: id, reason: code })
      changed()
    },
    given() {
      if (refusal) changed()
      refusal = null
    },
    clear() {
      problem = null
    },
  }
}
