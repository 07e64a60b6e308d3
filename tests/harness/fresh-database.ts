import { randomBytes } from 'node:crypto'
import postgres from 'postgres'

export interface FreshDatabase {
  url: string
  drop(): Promise<void>
}

/** A database of its own on the server of `url`. */
export async function makeDatabase(url: string): Promise<FreshDatabase> {
  const name = `tideline_test_${randomBytes(6).toString('hex')}`
  const administer = async (statement: string) => {
    const sql = postgres(url, { max: 1, onnotice() {} })
    try {
      await sql.unsafe(statement)
    } finally {
      await sql.end()
    }
  }
  await administer(`create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return { url: own.href, drop: () => administer(`drop database if exists ${name} with (force)`) }
}
