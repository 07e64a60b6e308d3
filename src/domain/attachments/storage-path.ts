/** The bucket of every workspace's files. */
export const attachmentBucket = 'attachments'

/** The same bytes have one place in a workspace, whoever attaches them. */
export function attachmentPath(workspaceId: string, sha256: string): string {
  return `${workspaceId}/${sha256}`
}

export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
