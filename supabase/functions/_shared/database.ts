import { type Environment, secretHeaders } from './environment.ts'

// The database's functions, called through the Data API with the secret key. What it answers stays here: an error
// carries the function's name, the status and the code, never a row.

export type CallDatabase = (name: string, parameters?: Record<string, unknown>) => Promise<unknown>

export class DatabaseError extends Error {
  readonly code: string

  constructor(name: string, status: number, code: string) {
    super(`${name} answered ${status} ${code}.`)
    this.name = 'DatabaseError'
    this.code = code
  }
}

export function createDatabase(environment: Environment, ask: typeof fetch = fetch): CallDatabase {
  return async (name, parameters = {}) => {
    const response = await ask(`${environment.url}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: { ...secretHeaders(environment), 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await response.text()
    if (!response.ok) throw new DatabaseError(name, response.status, codeOf(text))
    return text === '' ? null : JSON.parse(text)
  }
}

function codeOf(text: string): string {
  try {
    const { code, details } = JSON.parse(text) as { code?: unknown; details?: unknown }
    // Our own refusals name their code in `details`.
    const found = typeof code === 'string' && code.startsWith('PT') ? details : code
    return typeof found === 'string' && /^\w{1,40}$/.test(found) ? found : 'without_a_code'
  } catch {
    return 'without_a_code'
  }
}
