import { json } from '../json-response.ts'

// lite answers an SQLSTATE it has no rule for with 500, the code "SUP" and the whole error as text.
// These are PostgREST's rules for them. An error with `getResponse` is what Hono, in lite, answers with.

class AnsweredError extends Error {
  override name = 'AnsweredError'
  constructor(
    readonly code: string,
    readonly response: Response,
  ) {
    super(code)
  }
  getResponse(): Response {
    return this.response
  }
}

interface DatabaseError {
  code?: unknown
  message?: string
  detail?: string
  hint?: string
}

/** The first that fits decides. */
const rules: [codes: RegExp, status: number][] = [
  [/^P0001$/, 400],
  [/^(0L|0P|28)/, 403],
  [/^(08|53)/, 503],
  [/^(09|25|2D|38|39|3B|40|54|55|57|58|F0|HV|P0|XX)/, 500],
  [/^[0-9A-Z]{5}$/, 400],
]

const known = /^(PT|PGRST|21|22|42|23502|23503|23505|25006)/
const away = /^(CONNECT|CONNECTION_|ECONN|ENOTFOUND|57P0[123])/

export interface ErrorReader {
  normalizeDbError(error: unknown): unknown
}

export function fenceErrorStatus(connection: ErrorReader): void {
  connection.normalizeDbError = (error) => {
    const { code, message = '', detail, hint } = (error ?? {}) as DatabaseError
    if (typeof code !== 'string' || known.test(code)) return error
    if (away.test(code)) throw new AnsweredError(code, databaseAway())
    const status = rules.find(([codes]) => codes.test(code))?.[1]
    if (status === undefined) return error
    throw new AnsweredError(
      code,
      json({ code, message, details: detail ?? null, hint: hint ?? null }, status),
    )
  }
}

export const databaseAway = () =>
  json(
    {
      code: 'PGRST000',
      message: 'Database connection error. Retrying the connection.',
      details: null,
      hint: null,
    },
    503,
    { 'retry-after': '1' },
  )
