import { boardDocument, directoryDocument, workspaceTopic } from '../../domain/document-ids.ts'

export const workspace = '0b9c8f6e-3d52-4a1f-9d55-0d5a6b1c2e3f'
export const mainTopic = workspaceTopic(workspace)

/** Two that share the workspace's topic, and one with a topic of its own. */
export const documents: readonly string[] = [
  boardDocument(workspace, 'main'),
  directoryDocument(workspace),
  'conv/01ARYZ6S41TSV4RRFFQ69G5FA1',
]

/** Kept without being open, except while somebody writes in one. */
export const kept: readonly string[] = [`ws/${workspace}/fleet`, 'conv/01ARYZ6S41TSV4RRFFQ69G5FA2']

export const everyDocument: readonly string[] = [...documents, ...kept]

/** A short name for a trace. */
export function shortOf(documentId: string): string {
  const [scope, id = '', ...path] = documentId.split('/')
  return scope === 'ws' ? path.join('/') : `conv ${id.slice(-1)}`
}
