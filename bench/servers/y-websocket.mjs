// @y/websocket-server as its README runs it, with y-leveldb when a folder is named. Prints its port. Plain JavaScript:
// what it imports is installed by `npm run bench` alone.
import http from 'node:http'
import { setPersistence, setupWSConnection, getYDoc } from '@y/websocket-server/utils'
import { WebSocketServer } from 'ws'
import * as Y from 'yjs'

const folder = process.argv[2]
if (folder) {
  const { LeveldbPersistence } = await import('y-leveldb')
  const level = new LeveldbPersistence(folder)
  setPersistence({
    provider: level,
    async bindState(name, doc) {
      const stored = await level.getYDoc(name)
      const own = Y.encodeStateAsUpdate(getYDoc(name))
      void level.storeUpdate(name, own)
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(stored))
      doc.on('update', (update) => void level.storeUpdate(name, update))
    },
    writeState: async () => {},
  })
}

const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', setupWSConnection)
const server = http.createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request))
})
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => console.log(`ready ${server.address().port}`))
