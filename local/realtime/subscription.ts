// One entry of `config.postgres_changes`, read: which rows of which tables, and which of their columns.

import { createHash } from 'node:crypto'
import { type Filter, parseFilters, UnreadableFilter } from './filter.ts'

export interface Subscription {
  event: '*' | 'INSERT' | 'UPDATE' | 'DELETE'
  schema: string
  table: string
  filters: Filter[]
  select: string[] | null
}

/** The number that a client's callbacks are matched by: equal entries share it. */
export function subscriptionId(entry: Record<string, unknown>): number {
  return createHash('sha256').update(JSON.stringify(entry)).digest().readUInt32BE(0) >>> 5
}

export function readSubscription(entry: Record<string, unknown>): Subscription | string {
  const { schema, table, filter, select, event } = entry
  if (typeof select === 'string') {
    return 'Error parsing `select` params: expected a list of column name strings, e.g. select: ["col1", "col2"]'
  }
  const columns = Array.isArray(select) ? select.filter((column) => typeof column === 'string') : []
  const named = [schema, table].every((value) => value === undefined || typeof value === 'string')
  if (
    !named ||
    (schema === undefined && table === undefined) ||
    (filter !== undefined && table === undefined)
  ) {
    return `No subscription params provided. Please provide at least a \`schema\` or \`table\` to subscribe to: ${JSON.stringify({ schema, table, filter })}`
  }
  const subscription: Subscription = {
    event: eventOf(event),
    schema: typeof schema === 'string' ? schema : 'public',
    table: typeof table === 'string' ? table : '*',
    filters: [],
    select: columns.length > 0 ? columns : null,
  }
  if (subscription.select && (subscription.schema === '*' || subscription.table === '*')) {
    return 'Column selection is not supported for wildcard subscriptions. Provide an explicit schema and table name.'
  }
  if (filter === undefined) return subscription
  try {
    return { ...subscription, filters: parseFilters(String(filter)) }
  } catch (error) {
    if (!(error instanceof UnreadableFilter)) throw error
    return `Error parsing \`filter\` params: ${error.message}`
  }
}

function eventOf(event: unknown): Subscription['event'] {
  const name = typeof event === 'string' ? event.toUpperCase() : '*'
  return name === 'INSERT' || name === 'UPDATE' || name === 'DELETE' ? name : '*'
}

/** As the real server writes it in its messages. */
export function describeSubscription({ event, schema, table, filters, select }: Subscription): string {
  const tuples = filters.map(
    ({ column, op, value, negate }) =>
      `{${JSON.stringify(column)}, ${JSON.stringify(op)}, ${JSON.stringify(value)}, ${negate}}`,
  )
  const columns = select ? `[${select.map((column) => JSON.stringify(column)).join(', ')}]` : 'nil'
  return `[event: ${event}, schema: ${schema}, table: ${table}, filters: [${tuples.join(', ')}], select: ${columns}]`
}
