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

export function inboxDocument(workspaceId: string): string {
  return `ws/${workspaceId}/inbox`
}

export function fleetDocument(workspaceId: string): string {
  return `ws/${workspaceId}/fleet`
}

export function conversationDocument(conversationId: string): string {
  return `conv/${conversationId}`
}

export function notesDocument(conversationId: string): string {
  return `conv/${conversationId}/notes`
}

/** Where devices that may see a document speak to each other: presence, and edits told directly. */
export function meetingTopics(documentId: string): { readonly here: string; readonly edits: string } {
  const [scope = '', id = ''] = documentId.split('/')
  const name = scope === 'ws' ? id : `${scope}:${id}`
  return { here: `here:${name}`, edits: `edits:${name}` }
}
