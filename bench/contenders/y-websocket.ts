import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { Contender, Device } from './contender.ts'
import { serve } from './served.ts'

export const yWebsocket: Contender = {
  name: 'y-websocket',
  start: () => serve('y-websocket.mjs', null, device),
}

export const yWebsocketStored: Contender = {
  name: 'y-websocket + LevelDB',
  start: () => serve('y-websocket.mjs', 'level', device),
}

async function device(url: string, document: string): Promise<Device> {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(url, document, doc, {
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
  })
  await new Promise<void>((resolve) => provider.once('sync', () => resolve()))
  return {
    doc,
    edit: (_row, work) => doc.transact(() => work(doc)),
    saved: null,
    disconnect: async () => provider.disconnect(),
    connect: () => provider.connect(),
    async close() {
      provider.destroy()
      doc.destroy()
    },
  }
}
