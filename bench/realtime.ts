// How fast the Realtime endpoint is: `npx tsx bench/realtime.ts` prints one line of JSON and ends. Server
// and clients share the process, over an embedded PostgreSQL (or TEST_DATABASE_URL's) and real sockets.

import { performance } from 'node:perf_hooks'
import { WebSocket } from 'ws'
import { keys, startTestEndpoint, type TestEndpoint } from '../local/realtime/testing/endpoint.ts'

const unlimited = { joinsPerSecond: 1e9, eventsPerSecond: 1e9, presenceEventsPerSecond: 1e9 }
const endpoint = await startTestEndpoint({ limits: unlimited })
try {
  await endpoint.sql`create policy hear on realtime.messages for select using (true)`
  await endpoint.sql`create policy speak on realtime.messages for insert with check (true)`
  const result = {
    between_two_clients_ms: await betweenTwoClients(5_000),
    messages_per_second: await throughput(200_000, 1),
    deliveries_per_second_to_50: await throughput(8_000, 50),
    database_to_client_ms: await fromDatabase(endpoint, 1_000),
    private_join_ms: await privateJoins(300),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
} finally {
  await endpoint.stop()
}

async function open(topic: string, isPrivate = false): Promise<WebSocket> {
  const address = endpoint.url.replace('http', 'ws')
  const socket = new WebSocket(`${address}/realtime/v1/websocket?vsn=2.0.0&apikey=${keys.publishableKey}`)
  await new Promise((resolve) => socket.once('open', resolve))
  await join(socket, topic, isPrivate)
  return socket
}

async function join(socket: WebSocket, topic: string, isPrivate: boolean): Promise<void> {
  const config = { private: isPrivate, presence: { enabled: false } }
  socket.send(JSON.stringify(['1', '1', `realtime:${topic}`, 'phx_join', { config }]))
  const answer = await new Promise<Buffer>((resolve) => socket.once('message', resolve))
  if (!answer.toString().includes('"status":"ok"'))
    throw new Error(`The join was refused: ${answer.toString()}`)
}

function broadcast(topic: string): Buffer {
  const strings = ['1', '', `realtime:${topic}`, 'e', ''].map((text) => Buffer.from(text))
  const payload = Buffer.from(JSON.stringify({ text: 'x'.repeat(100) }))
  return Buffer.concat([Buffer.from([3, ...strings.map((text) => text.length), 1]), ...strings, payload])
}

async function timed(times: number, once: () => Promise<unknown>): Promise<{ p50: number; p99: number }> {
  const spans: number[] = []
  for (let n = 0; n < times; n += 1) {
    const start = performance.now()
    await once()
    spans.push(performance.now() - start)
  }
  spans.sort((a, b) => a - b)
  const at = (share: number) => Number((spans[Math.floor(spans.length * share)] ?? 0).toFixed(3))
  return { p50: at(0.5), p99: at(0.99) }
}

async function betweenTwoClients(times: number) {
  const [sender, receiver] = [await open('pair'), await open('pair')]
  const frame = broadcast('pair')
  const spans = await timed(times, () => {
    const arrived = new Promise((resolve) => receiver.once('message', resolve))
    sender.send(frame)
    return arrived
  })
  sender.close()
  receiver.close()
  return spans
}

/** Sends in windows of 500, so that nothing is bounded by one socket's buffer. */
async function throughput(messages: number, receivers: number): Promise<number> {
  const sender = await open('many')
  const sockets = await Promise.all(Array.from({ length: receivers }, () => open('many')))
  const frame = broadcast('many')
  let left = messages * receivers
  let inFlight = 0
  const start = performance.now()
  await new Promise<void>((resolve) => {
    let sent = 0
    const fill = () => {
      while (inFlight < 500 * receivers && sent < messages) {
        sender.send(frame)
        sent += 1
        inFlight += receivers
      }
    }
    for (const socket of sockets) {
      socket.on('message', () => {
        left -= 1
        inFlight -= 1
        if (left === 0) resolve()
        else if (inFlight < 250 * receivers) fill()
      })
    }
    fill()
  })
  const seconds = (performance.now() - start) / 1000
  for (const socket of [sender, ...sockets]) socket.close()
  return Math.round((messages * receivers) / seconds)
}

async function fromDatabase({ sql }: TestEndpoint, times: number) {
  const receiver = await open('database', true)
  const spans = await timed(times, async () => {
    const arrived = new Promise((resolve) => receiver.once('message', resolve))
    await sql`select realtime.send('{"n": 1}', 'e', 'database', true)`
    await arrived
  })
  receiver.close()
  return spans
}

async function privateJoins(times: number) {
  const socket = await open('first')
  let n = 0
  const spans = await timed(times, async () => {
    const topic = `room ${n++}`
    await join(socket, topic, true)
    const left = new Promise<void>((resolve) => {
      const look = (data: Buffer) => {
        if (!data.toString().includes('phx_close')) return
        socket.off('message', look)
        resolve()
      }
      socket.on('message', look)
    })
    socket.send(JSON.stringify(['1', '2', `realtime:${topic}`, 'phx_leave', {}]))
    await left
  })
  socket.close()
  return spans
}
