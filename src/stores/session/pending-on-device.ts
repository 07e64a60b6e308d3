import { recall, remember } from '../remembered.ts'
import type { Workspace } from './session.ts'

/**
 * How many changes of a workspace were unsent when it was last open here: noted by the open workspace, read by the
 * sign-in page, which opens no document.
 */
const key = (workspaceId: string) => `pending.${workspaceId}`
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0

export function notePendingOnDevice(workspaceId: string, count: number): void {
  remember(key(workspaceId), count)
}

export function pendingOnDevice(workspaces: readonly Workspace[]): number {
  return workspaces.reduce((sum, workspace) => sum + (recall(key(workspace.id), isCount) ?? 0), 0)
}
