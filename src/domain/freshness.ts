/**
 * How current each document is held on a device, and how. The one place that says so: the engine reads nothing else,
 * and `docs/sync.md` shows this table.
 */
import { documentKindOf, type DocumentKind } from './document-kinds.ts'

/**
 * `open`: as a Y.Doc, for as long as the workspace is. `kept`: its updates are stored as they come, and no Y.Doc is
 * made before a screen asks. `on demand`: nothing is fetched before a screen asks. A document that a screen holds is
 * open and current, whatever its tier.
 */
type Holding = 'open' | 'kept' | 'on demand'

interface Freshness {
  readonly held: Holding
  /**
   * Milliseconds after which a document that nobody has open is looked at again though nothing told of it; null:
   * with every exchange while it is open, and else not at all.
   */
  readonly lookEvery: number | null
  readonly kinds: readonly DocumentKind[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const freshness = {
  realtime: { held: 'open', lookEvery: null, kinds: ['directory', 'inbox', 'board'] },
  fresh: { held: 'kept', lookEvery: 5 * MINUTE, kinds: ['fleet'] },
  // The inbox moves with every message, and so tells which conversation to look at: this is the net below it.
  standard: { held: 'kept', lookEvery: HOUR, kinds: ['conversation'] },
  stable: { held: 'kept', lookEvery: 12 * HOUR, kinds: ['notes', 'metrics'] },
  static: { held: 'on demand', lookEvery: null, kinds: ['archive'] },
} as const satisfies Record<string, Freshness>

const byKind = new Map<DocumentKind | null, Freshness>(
  Object.values(freshness).flatMap((tier: Freshness) => tier.kinds.map((kind) => [kind, tier] as const)),
)

/** After how long a kept document is looked at again; null: a document of this kind is not kept. */
export function keptEvery(documentId: string): number | null {
  const tier = byKind.get(documentKindOf(documentId))
  return tier?.held === 'kept' ? tier.lookEvery : null
}
