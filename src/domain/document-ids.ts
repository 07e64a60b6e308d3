/** The topic on which the database tells of a document: its workspace's, or the conversation's own. */
export function topicOf(documentId: string): string {
  const [scope, id] = documentId.split('/')
  return `${scope}:${id}`
}

export function workspaceTopic(workspaceId: string): string {
  return `ws:${workspaceId}`
}

export function directoryDocument(workspaceId: string): string {
  return `ws/${workspaceId}/directory`
}

export function boardDocument(workspaceId: string, boardName: string): string {
  return `ws/${workspaceId}/board/${boardName}`
}
