import type { DocumentKind } from './document-kinds.ts'
import type { Field, RichTextField } from './fields.ts'

export type Fields = Readonly<Record<string, Field<unknown> | RichTextField>>

export interface Collection<F extends Fields = Fields> {
  /** Its key in the document, and the first half of its audit labels. */
  readonly name: string
  readonly document: DocumentKind
  readonly table: string
  readonly fields: F
  readonly version: number
}

type ValuesOf<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends RichTextField ? never : Name]: F[Name] extends Field<
    infer Value
  >
    ? Value
    : never
}

/** What a screen may read and write of an entity: every field but its id and its rich texts. */
export type Values<C extends Collection> = ValuesOf<C['fields']>

export type Entity<C extends Collection> = {
  readonly id: string
  /** Fields whose stored value could not be read; they show their default instead. */
  readonly unreadable: readonly string[]
} & Values<C>

/** Names of the rich texts of a collection. */
export type RichTextName<C extends Collection> = {
  [Name in keyof C['fields'] & string]: C['fields'][Name] extends RichTextField ? Name : never
}[keyof C['fields'] & string]

/** The one declaration of a collection; a raised `version` says that the shape of its stored values changed. */
export function defineCollection<const F extends Fields>(declaration: Collection<F>): Collection<F> {
  return declaration
}
