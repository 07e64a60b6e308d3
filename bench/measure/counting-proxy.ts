/** Stands between devices and a server on the loopback and counts what passes, both ways. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CountingProxy {
  readonly port: number
  bytes(): number
  stop(): Promise<void>
}

export async function startCountingProxy(target: number): Promise<CountingProxy> {
  let bytes = 0
  const open = new Set<Socket>()
  const pass = (from: Socket, to: Socket) => {
    open.add(from)
    from.on('data', (chunk) => (bytes += chunk.length))
    from.pipe(to)
    from.on('error', () => to.destroy())
    from.on('close', () => open.delete(from))
  }
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
