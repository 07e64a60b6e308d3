import type { IntrospectResult } from '@supabase/lite'

// lite looks at the catalog with fifteen queries and keeps what it saw. Here one look at a time is
// taken, a look that began before a change of the schema is not kept, and a look that failed is an
// error: lite itself would answer "no such table" while the database is away.

export interface CatalogReader {
  introspect(options?: { useCache?: boolean }): Promise<IntrospectResult>
  clearSchemaCache(): Promise<void>
}

export class DatabaseAway extends Error {
  override name = 'DatabaseAway'
}

export function fenceSchemaCache(connection: CatalogReader): void {
  const look = connection.introspect.bind(connection)
  let current: Promise<IntrospectResult> | undefined

  connection.introspect = () => {
    if (current) return current
    const mine = look({ useCache: false }).then((catalog) => {
      if (catalog.functions === undefined) throw new DatabaseAway('The catalog could not be read.')
      return catalog
    })
    current = mine
    mine.catch(() => {
      if (current === mine) current = undefined
    })
    return mine
  }
  connection.clearSchemaCache = async () => {
    current = undefined
  }
}
