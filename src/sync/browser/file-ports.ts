/** What files need of a real browser: a store, hashes, news between tabs, and what it says of its network. */
import type { FileBus, FileNews, FilePorts } from '../attachments/file-ports.ts'
import { makeIndexedDbFiles } from '../attachments/indexeddb-files.ts'
import { makeSubject, type Observable } from '../observable.ts'

type BrowserFilePorts = Pick<FilePorts, 'store' | 'bus' | 'metered' | 'sha256'>

export const makeBrowserFilePorts = (personId: string, workspaceId: string): BrowserFilePorts => ({
  store: makeIndexedDbFiles(indexedDB, personId),
  bus: makeFileBus(`tideline/${personId}/${workspaceId}/files`),
  metered: metered(),
  async sha256(bytes) {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  },
})

/** Where BroadcastChannel is missing, each tab works alone. */
function makeFileBus(name: string): FileBus {
  if (typeof BroadcastChannel === 'undefined') return { post() {}, subscribe: () => () => {} }
  const channel = new BroadcastChannel(name)
  let closed = false
  return {
    post(news) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target
      if (!closed) channel.postMessage(news)
    },
    subscribe(listener) {
      channel.addEventListener('message', ({ data }: MessageEvent<FileNews>) => listener(data))
      return () => {
        channel.close()
        closed = true
      }
    },
  }
}

/** Chrome's network information, where it tells; the types of the platform do not know it. */
interface NetworkInformation extends EventTarget {
  readonly type?: string
  readonly saveData?: boolean
}

function metered(): Observable<boolean | null> {
  const { connection } = navigator as { connection?: NetworkInformation }
  const read = () => {
    if (connection?.saveData === true) return true
    const { type } = connection ?? {}
    return type === undefined || type === 'unknown' ? null : type !== 'wifi' && type !== 'ethernet'
  }
  const now = makeSubject(read())
  connection?.addEventListener('change', () => now.set(read()))
  return now
}
