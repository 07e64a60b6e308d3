import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Contender, Device } from './contender.ts'
import { serve } from './served.ts'

export const hocuspocus: Contender = {
  name: 'Hocuspocus + SQLite',
  start: () => serve('hocuspocus.mjs', 'documents.sqlite', device),
}

async function device(url: string, document: string): Promise<Device> {
  const doc = new Y.Doc()
  const socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket })
  const provider = new HocuspocusProvider({ websocketProvider: socket, name: document, document: doc })
  provider.attach()
  await new Promise<void>((resolve) => provider.on('synced', resolve))
  return {
    doc,
    edit: (_row, work) => doc.transact(() => work(doc)),
    saved: () =>
      new Promise((resolve) => {
        const look = () => {
          if (provider.hasUnsyncedChanges) return
          provider.off('unsyncedChanges', look)
          resolve()
        }
        provider.on('unsyncedChanges', look)
        look()
      }),
    disconnect: () =>
      new Promise((resolve) => {
        socket.on('disconnect', resolve)
        socket.disconnect()
      }),
    connect: () => void socket.connect(),
    async close() {
      provider.destroy()
      socket.destroy()
      doc.destroy()
    },
  }
}
