/**
 * The pause that a server names with `Retry-After`. supabase-js hands out neither headers nor the response, so the
 * fetch beneath it notes the pause under the call's own signal, where the log finds it. [B3] A date is counted from
 * the server's own `Date`, since the device's clock may be hours off; where that cannot be read, nothing was named.
 */
const LONGEST = 600_000

const pauses = new WeakMap<AbortSignal, number>()

export function notePause(signal: AbortSignal | null | undefined, response: Response): void {
  const pause = response.ok ? null : readPause(response.headers)
  if (signal && pause !== null) pauses.set(signal, pause)
}

export function pauseNamedTo(signal: AbortSignal): number | null {
  return pauses.get(signal) ?? null
}

/** In milliseconds, ten minutes at most: nobody waits for a day because a proxy said so. */
export function readPause(headers: Headers): number | null {
  const named = headers.get('retry-after')?.trim() ?? ''
  const pause = /^\d+$/.test(named)
    ? Number(named) * 1_000
    : Date.parse(named) - Date.parse(headers.get('date') ?? '')
  return pause > 0 ? Math.min(pause, LONGEST) : null
}
