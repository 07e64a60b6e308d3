/** The floor of a server: hands every message to everybody else in the room, and keeps nothing. Prints its port. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
const rooms = new Map<string, Set<WebSocket>>()
server.on('connection', (socket, request) => {
  const room = rooms.get(request.url ?? '') ?? new Set()
  rooms.set(request.url ?? '', room.add(socket))
  socket.on('message', (data) => {
    for (const other of room) if (other !== socket) other.send(data)
  })
  socket.on('close', () => room.delete(socket))
})
await once(server, 'listening')
console.log(`ready ${(server.address() as AddressInfo).port}`)
