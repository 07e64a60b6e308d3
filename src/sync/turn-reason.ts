import type { ConnectionEvent } from './connection.ts'

/** Why the connection turned, as a code for its log: what others put into words may hold anything. */
export function reasonOf(event: ConnectionEvent): { reason?: string } {
  switch (event.type) {
    case 'wake':
    case 'signed-in':
      return { reason: 'woken' }
    case 'offline':
      return { reason: 'device-offline' }
    case 'renewed':
      return event.answer === 'unreachable' ? { reason: 'session' } : {}
    case 'unauthorised':
      return { reason: 'unauthorised' }
    case 'dropped':
      return { reason: event.refused ? 'unauthorised' : droppedReason(event.reason) }
    case 'unanswered':
      return { reason: event.reason.split(':')[0] ?? 'unreachable' }
    case 'refused':
      return { reason: event.code }
    case 'timer':
      return event.timer === 'join'
        ? { reason: 'no-answer' }
        : event.timer === 'degrade'
          ? { reason: 'no-join' }
          : {}
    default:
      return {}
  }
}

/** What supabase-js calls the end of a channel. */
function droppedReason(words: string): string {
  return /timed? ?_?out/i.test(words) ? 'no-answer' : 'closed'
}
