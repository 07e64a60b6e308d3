// Hocuspocus with its SQLite extension, as its documentation starts it. Prints its port. Plain JavaScript: what it
// imports is installed by `npm run bench` alone.
import { Server } from '@hocuspocus/server'

const file = process.argv[2]
const extensions = []
if (file) {
  const { SQLite } = await import('@hocuspocus/extension-sqlite')
  extensions.push(new SQLite({ database: file }))
}
const server = new Server({
  port: Number(process.argv[3] ?? 0),
  address: '127.0.0.1',
  quiet: true,
  extensions,
})
await server.listen()
console.log(`ready ${server.address.port}`)
