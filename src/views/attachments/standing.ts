import type { Accessor } from 'solid-js'
import type { Attachment } from '../../domain/collections/attachments.ts'
import type { FileState } from '../../stores/attachments/workspace-files.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'

/** Where an attachment is. Bytes that the server knows from elsewhere are with nobody here before the fact is sent. */
export function createStanding(attachment: Accessor<Attachment>): Accessor<FileState> {
  const { files, pendingOf } = useWorkspace()
  return () => {
    const state = files.stateOf(attachment().sha256)
    const isKnown = state.kind === 'safe' || state.kind === 'away'
    return isKnown && pendingOf(attachment().id)()
      ? { kind: 'waiting', why: 'facts', inMemory: false }
      : state
  }
}
