// The quick-add line: `Trocar ventilador #freezer @lia amanhã 9h p1`.
//   #label, #"two words"   a label; one that does not exist yet has no id and is made on add
//   @person                a member by the start of a name; @eu / @me is the one who types
//   p1 … p4                priority
//   a date                 hoje, amanhã 9h, na sexta, 25/12, em 3 dias, tomorrow, Dec 25, next week, at 3pm …
//   \                      before any of these: plain text
// Each token has its span in the typed line, so that it can be drawn as a chip while typing. What is no token
// is the title. Of several dates, people or priorities the last counts and the earlier stay text.

import { readDatePhrase, type DateReading } from './date-phrase.ts'
import { fold } from './date-words.ts'
import type { Due } from './due.ts'
import type { TaskPriority } from '../collections/tasks.ts'

interface Span {
  readonly start: number
  readonly end: number
}

export type QuickAddToken = Span &
  (
    | { readonly kind: 'label'; readonly name: string; readonly id: string | null }
    | { readonly kind: 'assignee'; readonly id: string; readonly name: string }
    | { readonly kind: 'priority'; readonly priority: TaskPriority }
    | { readonly kind: 'due'; readonly due: Due }
  )

export interface Named {
  readonly id: string
  readonly name: string
}

export interface QuickAddContext extends DateReading {
  readonly labels: readonly Named[]
  readonly members: readonly Named[]
  readonly self: string
}

export interface QuickAdd {
  readonly title: string
  readonly tokens: readonly QuickAddToken[]
  readonly labels: readonly { readonly name: string; readonly id: string | null }[]
  readonly assignee: string | null
  readonly priority: TaskPriority | null
  readonly due: Due | null
}

/** `certain` is false where the words may mean something else; see `DatePhrase`. */
interface Candidate {
  readonly token: QuickAddToken
  readonly certain: boolean
}

const NAME = /[\p{L}\p{N}_][\p{L}\p{N}_-]*/uy
const QUOTED = /"([^"]{1,60})"/y
const AFTER = /^$|[\s.,;:!?)\]]/

export function parseQuickAdd(line: string, context: QuickAddContext): QuickAdd {
  const folded = fold(line)
  const { candidates, escapes } = scan(line, folded, context)
  const tokens = keepLast(settle(line, candidates))
  const labels = new Map<string, { name: string; id: string | null }>()
  for (const token of tokens) {
    if (token.kind === 'label') labels.set(token.id ?? fold(token.name), { name: token.name, id: token.id })
  }
  return {
    title: titleOf(line, tokens, escapes),
    tokens,
    labels: [...labels.values()],
    assignee: tokens.find((token) => token.kind === 'assignee')?.id ?? null,
    priority: tokens.find((token) => token.kind === 'priority')?.priority ?? null,
    due: tokens.find((token) => token.kind === 'due')?.due ?? null,
  }
}

/** The line with one token turned back into plain text (its chip was closed). */
export function escapeToken(line: string, token: Span): string {
  return `${line.slice(0, token.start)}\\${line.slice(token.start)}`
}

function scan(line: string, folded: string, context: QuickAddContext) {
  const candidates: Candidate[] = []
  const escapes: number[] = []
  let index = 0
  while (index < line.length) {
    const atStart = index === 0 || /[\s(]/.test(line.charAt(index - 1))
    const escaped = atStart && line.charAt(index) === '\\'
    const found = atStart ? readToken(line, folded, escaped ? index + 1 : index, context) : null
    if (found && escaped) escapes.push(index)
    else if (found) candidates.push(found)
    index = found ? found.token.end : index + 1
  }
  return { candidates, escapes }
}

function readToken(line: string, folded: string, start: number, context: QuickAddContext): Candidate | null {
  const sign = line.charAt(start)
  if (sign === '#') return readLabel(line, start, context.labels)
  if (sign === '@') return readMember(line, folded, start, context)
  const priority = /p([1-4])(?=$|[\s.,;:!?)\]])/y
  priority.lastIndex = start
  const match = priority.exec(folded)
  if (match)
    // The pattern admits p1 to p4 only.
    return sure({ kind: 'priority', priority: `p${match[1]}` as TaskPriority, start, end: start + 2 })
  const phrase = readDatePhrase(folded, start, context)
  if (!phrase) return null
  return { token: { kind: 'due', due: phrase.due, start, end: phrase.end }, certain: phrase.certain }
}

function readLabel(line: string, start: number, labels: readonly Named[]): Candidate | null {
  QUOTED.lastIndex = NAME.lastIndex = start + 1
  const quoted = QUOTED.exec(line)
  const plain = quoted ? null : NAME.exec(line)
  const name = (quoted?.[1] ?? plain?.[0] ?? '').trim()
  // A number alone is a house number or an invoice, not a label.
  if (name === '' || /^\d+$/.test(name)) return null
  const end = quoted ? QUOTED.lastIndex : NAME.lastIndex
  const known = labels.find((label) => fold(label.name) === fold(name))
  return sure({ kind: 'label', name: known?.name ?? name, id: known?.id ?? null, start, end })
}

function readMember(
  line: string,
  folded: string,
  start: number,
  { members, self }: QuickAddContext,
): Candidate | null {
  NAME.lastIndex = start + 1
  const typed = fold(NAME.exec(line)?.[0] ?? '')
  if (typed === '') return null
  const wordEnd = start + 1 + typed.length
  const token = (member: Named, end: number): Candidate =>
    sure({ kind: 'assignee', id: member.id, name: member.name, start, end })
  const me = members.find((member) => member.id === self)
  if (me && /^(eu|me|mim)$/.test(typed)) return token(me, wordEnd)
  const whole = members.find(
    (member) =>
      folded.startsWith(fold(member.name), start + 1) &&
      AFTER.test(line.charAt(start + 1 + member.name.length)),
  )
  if (whole) return token(whole, start + 1 + whole.name.length)
  const exact = members.filter((member) => fold(member.name).split(/\s+/).includes(typed))
  const starting = members.filter((member) => fold(member.name).startsWith(typed))
  const [only, ...others] = exact.length > 0 ? exact : starting
  return only && others.length === 0 ? token(only, wordEnd) : null
}

const sure = (token: QuickAddToken): Candidate => ({ token, certain: true })

/** Drops uncertain dates that neither end the line nor touch another token. */
function settle(line: string, candidates: readonly Candidate[]): QuickAddToken[] {
  const kept: QuickAddToken[] = []
  let tail = line.length
  for (const { token, certain } of candidates.toReversed()) {
    if (!certain && !/^[\s.,;!?)]*$/.test(line.slice(token.end, tail))) continue
    kept.unshift(token)
    tail = token.start
  }
  return kept
}

function keepLast(tokens: readonly QuickAddToken[]): QuickAddToken[] {
  const last = new Map(tokens.map((token) => [token.kind, token]))
  return tokens.filter((token) => token.kind === 'label' || last.get(token.kind) === token)
}

function titleOf(line: string, tokens: readonly Span[], escapes: readonly number[]): string {
  let title = ''
  let from = 0
  for (const { start, end } of tokens) {
    title += `${plain(line, from, start, escapes)} `
    from = end
  }
  return (title + plain(line, from, line.length, escapes))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([.,;:!?)])/g, '$1')
    .trim()
}

function plain(line: string, from: number, to: number, escapes: readonly number[]): string {
  let text = ''
  for (let index = from; index < to; index++) if (!escapes.includes(index)) text += line.charAt(index)
  return text
}
