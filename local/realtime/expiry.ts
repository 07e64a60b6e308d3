// Node's timers end at 24.8 days and a token may live longer, so a far end is looked at again each hour.

const hour = 3_600_000

export function expiryTimer(expiresAt: number, expired: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout
  const arm = () => {
    const left = expiresAt * 1000 - Date.now()
    timer = setTimeout(
      () => (expiresAt * 1000 <= Date.now() ? expired() : arm()),
      Math.min(hour, Math.max(1, left)),
    )
    timer.unref()
  }
  arm()
  return { cancel: () => clearTimeout(timer) }
}
