/** What a document holds; the server knows the same list and refuses any other. */
export type DocumentKind =
  | 'directory'
  | 'inbox'
  | 'board'
  | 'archive'
  | 'fleet'
  | 'metrics'
  | 'conversation'
  | 'notes'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const board = '[a-z0-9-]{1,64}'
const ulid = '[0-9A-HJKMNP-TV-Z]{26}'

const grammar: readonly (readonly [RegExp, DocumentKind])[] = [
  [new RegExp(`^ws/${uuid}/directory$`), 'directory'],
  [new RegExp(`^ws/${uuid}/inbox$`), 'inbox'],
  [new RegExp(`^ws/${uuid}/fleet$`), 'fleet'],
  [new RegExp(`^ws/${uuid}/board/${board}$`), 'board'],
  [new RegExp(`^ws/${uuid}/board/${board}/archive/\\d{4}$`), 'archive'],
  [new RegExp(`^ws/${uuid}/metrics/\\d{4}-(?:0[1-9]|1[0-2])$`), 'metrics'],
  [new RegExp(`^conv/${ulid}$`), 'conversation'],
  [new RegExp(`^conv/${ulid}/notes$`), 'notes'],
]

/** The kind of a document id, or null when no document can have that name. */
export function documentKindOf(id: string): DocumentKind | null {
  return grammar.find(([pattern]) => pattern.test(id))?.[1] ?? null
}
