import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'

export interface HttpServer {
  port: number
  stop(): Promise<void>
}

interface Options {
  port: number
  host: string
  fetch: (request: Request) => Promise<Response>
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

export class PortTaken extends Error {
  override name = 'PortTaken'
  constructor(port: number, host: string) {
    super(`Port ${port} of ${host} is taken. Stop what listens there, or choose another: --port N`)
  }
}

/** Told before anything else was started: a taken port is the commonest reason not to. */
export async function checkPort(port: number, host: string): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  await open(probe, port, host)
  await new Promise((resolve) => probe.close(resolve))
}

export async function listen({ port, host, fetch, upgrade }: Options): Promise<HttpServer> {
  const server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }))
  // A proxy in front keeps connections longer than Node's five seconds and would meet closed ones.
  server.keepAliveTimeout = 65_000
  server.on('upgrade', upgrade)
  await open(server, port, host)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return { port: address.port, stop: () => close(server) }
}

function open(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new PortTaken(port, host))
      else if (error.code !== 'EACCES') reject(error)
      else reject(new Error(`Port ${port} may not be opened by this user. Choose another: --port N`))
    })
    server.listen(port, host, resolve)
  })
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // What is still being answered gets a moment, then the line is cut.
  const cut = setTimeout(() => server.closeAllConnections(), 2_000)
  await closed
  clearTimeout(cut)
}
