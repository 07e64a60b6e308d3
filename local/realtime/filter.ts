// The filter of a postgres_changes subscription: `column=operator.value`, several joined by commas, each
// perhaps with `not.` before its operator. A comma inside quotes or parentheses belongs to the value.

export interface Filter {
  column: string
  op: string
  value: string
  negate: boolean
}

const operators = new Set([
  'eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'like', 'ilike', 'is', 'match', 'imatch', 'isdistinct',
]) // prettier-ignore

export class UnreadableFilter extends Error {}

export function parseFilters(text: string): Filter[] {
  return text.trim() === '' ? [] : splitTopLevel(text.trim()).map(parseFilter)
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at += 1
      else if (char === '"') quoted = false
    } else if (char === '"' && '.(,'.includes(text[at - 1] ?? ' ')) quoted = true
    else if (char === '(') depth += 1
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

function parseFilter(part: string): Filter {
  const text = part.trim()
  if (text === '')
    throw new UnreadableFilter('filter must not contain empty segments (check for extra commas)')
  const equals = text.indexOf('=')
  if (equals < 0) throw new UnreadableFilter(`["${text}"]`)
  const negate = text.startsWith('not.', equals + 1)
  const rest = text.slice(equals + 1 + (negate ? 4 : 0))
  const dot = rest.indexOf('.')
  if (dot < 0) throw new UnreadableFilter(`["${rest}"]`)
  const op = rest.slice(0, dot)
  const value = rest.slice(dot + 1)
  if (!operators.has(op)) throw new UnreadableFilter(`["${op}", "${value}"]`)
  return { column: text.slice(0, equals), op, value: op === 'in' ? list(value) : unquoted(value), negate }
}

// As a PostgreSQL array literal, which quotes its elements the same way.
function list(value: string): string {
  if (!value.startsWith('(') || !value.endsWith(')')) {
    throw new UnreadableFilter('`in` filter value must be wrapped by parentheses')
  }
  return `{${value.slice(1, -1)}}`
}

function unquoted(value: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(value)?.[1]
  return inner === undefined ? value : inner.replace(/\\(.)/gs, '$1')
}
