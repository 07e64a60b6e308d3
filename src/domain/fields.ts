/**
 * The kinds of fields that a collection may have. A field says what its values are (a schema), which value stands
 * in where none was written (or where what was written cannot be read), and how it is laid into the document:
 * scalars are one key each, a set is one key per member (so that two people adding to it offline both succeed),
 * rich text is a shared text of its own.
 */
import * as v from 'valibot'

type FieldKind =
  | 'text'
  | 'richText'
  | 'number'
  | 'boolean'
  | 'oneOf'
  | 'date'
  | 'instant'
  | 'reference'
  | 'set'
  | 'orderKey'

export interface Field<Value> {
  readonly kind: FieldKind
  readonly schema: v.GenericSchema<unknown, Value>
  readonly default: Value
  /** The collection whose ids this field holds. */
  readonly to?: string
}

/** Rich text is not a value of its entity: editors bind to it, so only its kind is declared. */
export interface RichTextField {
  readonly kind: 'richText'
}

function scalar<Value>(
  kind: FieldKind,
  schema: v.GenericSchema<unknown, Value>,
  fallback: Value,
): Field<Value> {
  return { kind, schema, default: fallback }
}

export function text({ max, default: fallback = '' }: { max: number; default?: string }): Field<string> {
  return scalar('text', v.pipe(v.string(), v.maxLength(max)), fallback)
}

export function richText(): RichTextField {
  return { kind: 'richText' }
}

export function number({ default: fallback = 0 }: { default?: number } = {}): Field<number> {
  return scalar('number', v.pipe(v.number(), v.finite()), fallback)
}

export function boolean({ default: fallback = false }: { default?: boolean } = {}): Field<boolean> {
  return scalar('boolean', v.boolean(), fallback)
}

export function oneOf<const Option extends string>(
  options: readonly Option[],
  given: { default: NoInfer<Option> },
): Field<Option> {
  return scalar('oneOf', v.picklist(options), given.default)
}

/** A calendar day, `yyyy-mm-dd`, the same day in every time zone. */
export function date(): Field<string | null> {
  return scalar('date', v.nullable(v.pipe(v.string(), v.isoDate())), null)
}

/** A moment, in milliseconds since 1970 (UTC). */
export function instant(): Field<number | null> {
  return scalar('instant', v.nullable(v.pipe(v.number(), v.safeInteger())), null)
}

export function reference(collection: string): Field<string | null> {
  return { ...scalar('reference', v.nullable(v.pipe(v.string(), v.minLength(1))), null), to: collection }
}

export function setOf(member: Field<string | null>): Field<readonly string[]> {
  const schema = v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.readonly())
  return { ...scalar('set', schema, []), ...(member.to === undefined ? {} : { to: member.to }) }
}

/** A place between two others in a hand-made order; compared as plain text. */
export function orderKey(): Field<string> {
  return scalar('orderKey', v.pipe(v.string(), v.regex(/^[0-9A-Za-z]*$/)), '')
}

/** The same field, where nothing chosen (`null`) is a value too, and the one it starts with. */
export function optional<Value>(field: Field<Value>): Field<Value | null> {
  return { ...field, schema: v.nullable(field.schema), default: null }
}
