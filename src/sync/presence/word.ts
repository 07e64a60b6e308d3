/**
 * What a device says of itself on a `here:…` topic, as event `here`:
 * `{ v: 1, device, person, for, asks?, tabs: [{ tab, away?, doc?, entity?, typing?, cursor? }] }`.
 * `for` is in how many milliseconds it speaks again at the latest; no tabs mean goodbye; `asks` wants to know who else
 * is here. Names come from the directory and never from here. Whoever may join the topic may say anything, so each
 * word is checked and bounded before it is believed. [H7]
 */
import * as v from 'valibot'
import { documentKindOf } from '../../domain/document-kinds.ts'

export interface TabHere {
  readonly tab: string
  /** Nobody looks at it at this moment. */
  readonly away: boolean
  readonly doc: string | null
  /** What of the document is open in it. */
  readonly entity: string | null
  readonly typing: boolean
  /** Where the caret or the selection is, in the words of whoever shows it. */
  readonly cursor: string | null
}

export interface Word {
  readonly device: string
  readonly person: string
  readonly for: number
  readonly asks: boolean
  readonly tabs: readonly TabHere[]
}

const MOST_TABS = 8
export const LONGEST_CURSOR = 500

const name = v.pipe(v.string(), v.regex(/^[\w:-]{1,64}$/))
const doc = v.pipe(
  v.string(),
  v.maxLength(160),
  v.check((id) => documentKindOf(id) !== null),
)

const tab = v.object({
  tab: name,
  away: v.optional(v.boolean(), false),
  doc: v.optional(v.nullable(doc), null),
  entity: v.optional(v.nullable(name), null),
  typing: v.optional(v.boolean(), false),
  cursor: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(LONGEST_CURSOR))), null),
})

const word = v.object({
  v: v.literal(1),
  device: name,
  person: name,
  for: v.pipe(v.number(), v.finite()),
  asks: v.optional(v.boolean(), false),
  tabs: v.pipe(v.array(tab), v.maxLength(MOST_TABS)),
})

/** Null when it is no word of ours; nothing in it makes this throw. */
export function readWord(payload: unknown): Word | null {
  const read = v.safeParse(word, payload)
  return read.success ? read.output : null
}

export function writeWord({ device, person, for: next, asks, tabs }: Word): object {
  return {
    v: 1,
    device,
    person,
    for: next,
    ...(asks ? { asks } : {}),
    tabs: tabs.slice(0, MOST_TABS).map((one) => ({
      tab: one.tab,
      ...(one.away ? { away: true } : {}),
      ...(one.doc ? { doc: one.doc } : {}),
      ...(one.entity ? { entity: one.entity } : {}),
      ...(one.typing ? { typing: true } : {}),
      ...(one.cursor ? { cursor: one.cursor } : {}),
    })),
  }
}
