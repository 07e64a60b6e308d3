import { json } from '../json-response.ts'

/** An error as GoTrue says it: auth-js reads the status, `error_code` and `msg`. */
export class AuthError extends Error {
  override name = 'AuthError'
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(message)
  }

  toResponse(): Response {
    return json({ code: this.status, error_code: this.code, msg: this.message, ...this.more }, this.status, {
      'x-sb-error-code': this.code,
    })
  }
}

export const invalid = (message: string) => new AuthError(400, 'validation_failed', message)
export const wrongCredentials = () => new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
export const userNotFound = () => new AuthError(404, 'user_not_found', 'User not found')
export const emailExists = () =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered')
export const sessionMissing = () =>
  new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
