import { ServerRefusal } from '../stores/session/ports.ts'

interface Failure {
  readonly message: string
  readonly name?: string
  readonly code?: string | undefined
  readonly details?: string | null
  readonly status?: number | undefined
}

/** Errors of auth-js and of PostgREST as the one kind that screens know. Our own SQL puts its code into `details`. */
export function refusalOf(failure: Failure): ServerRefusal {
  return new ServerRefusal(codeOf(failure), failure.message)
}

function codeOf({ name, code, details, status, message }: Failure): string {
  if (name === 'AuthRetryableFetchError' || /fetch|network/i.test(message) || status === 0)
    return 'unreachable'
  if (code?.startsWith('PT') === true && details !== null && details !== undefined) return details
  if (code === undefined || code === '') return status === undefined ? 'unreachable' : `http_${status}`
  return code
}
