/**
 * What is to be sent is worked out from what is so: named by a document, held here, not known to be on the server. [F2]
 * No list of it is stored, so none can disagree.
 */
import type { WaitReason } from './file-state.ts'

export interface NamedFile {
  readonly sha256: string
  readonly doc: string
  readonly entity: string
  readonly name: string
  readonly type: string
  readonly bytes: number
  readonly at: number
  /** In the trash: not sent, and not forgotten either. */
  readonly removedAt: number | null
}

export interface Standing {
  /** Held here and not known to be on the server. */
  isUnsent(sha256: string): boolean
  /** The server has the fact that names it. */
  isTold(entity: string): boolean
  hasFailed(sha256: string): boolean
  readonly reachable: boolean
  readonly paused: boolean
  readonly awaitsWifi: boolean
}

interface QueuedFile {
  /** Of several attachments that name it, the oldest that is told, or else the oldest. */
  readonly file: NamedFile
  readonly why: WaitReason | 'failed'
}

/** Every unsent file, oldest first; those that wait for their `turn` alone may go now. */
export function queueOf(named: Iterable<NamedFile>, standing: Standing): QueuedFile[] {
  const chosen = new Map<string, NamedFile>()
  const byAge = [...named].sort((a, b) => a.at - b.at || (a.entity < b.entity ? -1 : 1))
  for (const file of byAge) {
    if (file.removedAt !== null || !standing.isUnsent(file.sha256)) continue
    const known = chosen.get(file.sha256)
    const better = known && !standing.isTold(known.entity) && standing.isTold(file.entity)
    if (!known || better) chosen.set(file.sha256, file)
  }
  return [...chosen.values()].map((file) => ({ file, why: reasonOf(file, standing) }))
}

function reasonOf(file: NamedFile, standing: Standing): QueuedFile['why'] {
  if (standing.hasFailed(file.sha256)) return 'failed'
  if (!standing.reachable) return 'network'
  if (standing.paused) return 'paused'
  if (standing.awaitsWifi) return 'wifi'
  return standing.isTold(file.entity) ? 'turn' : 'facts'
}
