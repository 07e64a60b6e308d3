/** Hands the person a file. As bare bytes: nothing that was sent is ever opened as what it says it is. */
export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the end of this task.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
