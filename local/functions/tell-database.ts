import type { Sql } from 'postgres'

/** Tells the database where its functions are, so that its schedule can call them; other migrations may not ask. */
export async function tellDatabase(sql: Sql, origin: string, secretKey: string): Promise<void> {
  const [{ asks } = { asks: false }] = await sql<{ asks: boolean }[]>`
    select to_regprocedure('private.set_functions_access(text,text)') is not null as asks`
  if (asks) await sql`select private.set_functions_access(${`${origin}/functions/v1`}, ${secretKey})`
}
