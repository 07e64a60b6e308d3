/**
 * Counts what supabase-js sends and hears: calls through `fetch`, frames through the WebSocket of `ws`. A broadcast of
 * the database reaches each device that is joined, and is one by the operation that it tells of.
 */
import { WebSocket } from 'ws'

interface Traffic {
  readonly rpcs: number
  readonly clientBroadcasts: number
  readonly databaseBroadcasts: number
}

export function countTraffic(): { seen(): Traffic; stop(): void } {
  let rpcs = 0
  let clientBroadcasts = 0
  const operations = new Set<string>()
  const realFetch = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (/\/rest\/v1\/rpc\/(?:push|pull)/.test(url)) rpcs++
    return realFetch(input, init)
  }
  const { send, emit } = WebSocket.prototype
  WebSocket.prototype.send = function (this: WebSocket, ...args: Parameters<typeof send>) {
    const [data] = args
    // Broadcasts of a client are binary and begin with 3.
    if (typeof data !== 'string' && new Uint8Array(bytesOf(data))[0] === 3 && isEdit(data)) clientBroadcasts++
    return send.apply(this, args)
  } as typeof send
  WebSocket.prototype.emit = function (this: WebSocket, event: string | symbol, ...args: unknown[]) {
    if (event === 'message') {
      const told = /"op_id":\s*"([0-9a-f-]{36})"/.exec(String(args[0]))?.[1]
      if (told !== undefined) operations.add(told)
    }
    return emit.call(this, event, ...args)
  }
  return {
    seen: () => ({ rpcs, clientBroadcasts, databaseBroadcasts: operations.size }),
    stop() {
      globalThis.fetch = realFetch
      WebSocket.prototype.send = send
      WebSocket.prototype.emit = emit
    },
  }
}

function bytesOf(data: unknown): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data
  if (ArrayBuffer.isView(data))
    return Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).buffer
  return new ArrayBuffer(0)
}

/** Presence counts on its own budget. */
function isEdit(data: unknown): boolean {
  return Buffer.from(bytesOf(data)).includes('edits:')
}
