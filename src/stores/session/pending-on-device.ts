import { recall, remember } from '../remembered.ts'
import type { Session } from './session.ts'

/**
 * How many changes of a workspace were unsent when it was last open here: noted by the open workspace, read by the
 * sign-in page, which opens no document.
 */
const key = (personId: string, workspaceId: string) => `pending.${personId}.${workspaceId}`
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0

export function notePendingOnDevice(personId: string, workspaceId: string, count: number): void {
  remember(key(personId, workspaceId), count)
}

export function pendingOnDevice(session: Pick<Session, 'person' | 'workspaces'>): number {
  const person = session.person()
  if (person === undefined) return 0
  return session
    .workspaces()
    .reduce((sum, workspace) => sum + (recall(key(person.id, workspace.id), isCount) ?? 0), 0)
}
