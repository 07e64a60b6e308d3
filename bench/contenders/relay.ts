/** The floor: every update goes out as it is and is applied as it comes, through a server that keeps nothing. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Contender, Device } from './contender.ts'
import { serve } from './served.ts'

export const relay: Contender = {
  name: 'bare relay',
  start: () => serve('relay.ts', null, device),
}

async function device(url: string, document: string): Promise<Device> {
  const doc = new Y.Doc()
  const socket = new WebSocket(`${url}/${document}`)
  socket.binaryType = 'nodebuffer'
  socket.on('message', (data: Buffer) => Y.applyUpdate(doc, data, socket))
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== socket) socket.send(update)
  })
  await once(socket, 'open')
  return {
    doc,
    edit: (_row, work) => doc.transact(() => work(doc)),
    saved: null,
    disconnect: async () => {},
    connect() {},
    async close() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
      doc.destroy()
    },
  }
}
