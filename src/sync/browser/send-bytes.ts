/** A request that tells how far its body is, which `fetch` cannot. Where there is no XMLHttpRequest, as in a worker, it
 *  tells nothing until the end. */
import type { SendBytes } from '../supabase/file-server.ts'

/** A body that has not moved for so long stands on a line that is dead. */
const STALLED = 60_000

export const sendBytes: SendBytes = (url, request, progress) =>
  typeof XMLHttpRequest === 'undefined' ? fetch(url, request) : sendTelling(url, request, progress)

const sendTelling: SendBytes = (url, { method, headers, body, signal }, progress) =>
  new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    let stalled = setTimeout(() => call.abort(), STALLED)
    const moved = () => {
      clearTimeout(stalled)
      stalled = setTimeout(() => call.abort(), STALLED)
    }
    const stop = () => call.abort()
    const end = () => {
      clearTimeout(stalled)
      signal.removeEventListener('abort', stop)
    }
    call.upload.addEventListener('progress', ({ loaded }) => {
      moved()
      progress(loaded)
    })
    call.addEventListener('loadend', () => {
      end()
      // A body that may not be there is refused by the constructor.
      if (call.status === 0) reject(new TypeError('The request got no answer.'))
      else resolve(new Response(call.responseText || null, { status: call.status, headers: headersOf(call) }))
    })
    call.open(method, url)
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value)
    if (signal.aborted) {
      end()
      reject(new DOMException('The request was given up.', 'AbortError'))
      return
    }
    signal.addEventListener('abort', stop)
    call.send(body)
  })

function headersOf(call: XMLHttpRequest): Headers {
  const lines = call.getAllResponseHeaders().trim().split(/\r?\n/)
  return new Headers(
    lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string]] : []
    }),
  )
}
