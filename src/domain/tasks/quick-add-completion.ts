import { fold } from './date-words.ts'
import type { Named } from './quick-add.ts'

/** The `#…` or `@…` that the caret stands in, for the list of what it may become. */
export interface Completion {
  readonly kind: 'label' | 'member'
  readonly start: number
  readonly end: number
  readonly query: string
}

export function completionAt(line: string, caret: number): Completion | null {
  const match = /(?:^|[\s(])([#@])("?)([\p{L}\p{N}_-]*)$/u.exec(line.slice(0, caret))
  if (!match) return null
  const [, sign, quote = '', query = ''] = match
  // A caret inside of a word is correcting it, not asking for another.
  if (/[\p{L}\p{N}_-]/u.test(line.charAt(caret))) return null
  return {
    kind: sign === '#' ? 'label' : 'member',
    start: caret - query.length - quote.length - 1,
    end: caret,
    query,
  }
}

/** Those whose name, or a word of it, begins with the query; the query's own case and accents do not matter. */
export function completionsOf(query: string, all: readonly Named[]): Named[] {
  const wanted = fold(query)
  return all.filter((one) => {
    const name = fold(one.name)
    return name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted))
  })
}

export function complete(
  line: string,
  completion: Completion,
  name: string,
): { readonly line: string; readonly caret: number } {
  const sign = completion.kind === 'label' ? '#' : '@'
  const plain = completion.kind === 'member' || /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(name)
  const written = `${sign}${plain ? name : `"${name}"`} `
  return {
    line: line.slice(0, completion.start) + written + line.slice(completion.end).trimStart(),
    caret: completion.start + written.length,
  }
}
