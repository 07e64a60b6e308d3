/** What happened, line by line: the same for the same seed, to the byte. */
import { createHash } from 'node:crypto'
import type { Clock } from '../ports.ts'

export interface Trace {
  note(line: string): void
  readonly lines: readonly string[]
  /** One number for the whole of it. */
  digest(): string
}

export function makeTrace(clock: Pick<Clock, 'now'>): Trace {
  const start = clock.now()
  const lines: string[] = []
  return {
    note: (line) => void lines.push(`${((clock.now() - start) / 1_000).toFixed(3)} ${line}`),
    lines,
    digest: () => createHash('sha256').update(lines.join('\n')).digest('hex'),
  }
}
