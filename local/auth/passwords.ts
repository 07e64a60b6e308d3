import type { Sql } from 'postgres'

// bcrypt by pgcrypto: the work is done by a PostgreSQL process and does not hold up the event loop.

export interface Passwords {
  hash(password: string): Promise<string>
  matches(password: string, hash: string | null): Promise<boolean>
}

// Compared against when there is no such person, so that the answer takes as long.
const nobody = '$2a$10$aaaaaaaaaaaaaaaaaaaaaeTQm4Xu8mZKqs6kQkUjvbZrBq0o2n0hW'

export async function createPasswords(sql: Sql): Promise<Passwords> {
  const [place] = await sql<{ schema: string }[]>`
    select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pgcrypto'`
  if (!place) throw new Error('The extension pgcrypto is not installed in the database.')
  const crypt = sql(`${place.schema}.crypt`)
  const salt = sql(`${place.schema}.gen_salt`)
  return {
    async hash(password) {
      const [row] = await sql<{ hash: string }[]>`select ${crypt}(${password}, ${salt}('bf', 10)) as hash`
      return row?.hash ?? ''
    },
    async matches(password, hash) {
      const against = hash ?? nobody
      const [row] = await sql<
        { same: boolean }[]
      >`select ${crypt}(${password}, ${against}) = ${against} as same`
      return hash !== null && row?.same === true
    },
  }
}
