// The app comes from the same origin as the stack; other origins (the Vite server, the widget on
// someone's page, a tool) may call the API parts, which are guarded by keys and tokens, not cookies.

const exposed = [
  'content-range, content-location, preference-applied, sb-error-code, x-total-count, link, etag',
  'location, tus-resumable, tus-version, tus-extension, tus-max-size, upload-offset, upload-length, upload-expires',
].join(', ')

export function preflight(request: Request): Response {
  const wanted = request.headers.get('access-control-request-headers')
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS',
      'access-control-allow-headers':
        wanted ?? 'authorization, apikey, content-type, x-client-info, prefer, range, x-upsert',
      'access-control-max-age': '86400',
    },
  })
}

export const isPreflight = (request: Request) =>
  request.method === 'OPTIONS' && request.headers.has('access-control-request-method')

export function allowOthers(headers: Headers): void {
  headers.set('access-control-allow-origin', '*')
  headers.set('access-control-expose-headers', exposed)
}
