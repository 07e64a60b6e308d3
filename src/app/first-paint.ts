/** The first frame is drawn, then the browser is idle, or two seconds have passed in which it never was. */
export const firstPaint = new Promise<void>((resolve) => {
  // A tab that opens in the background draws no frame, and its work must go on all the same.
  setTimeout(resolve, 2_000)
  requestAnimationFrame(() => {
    setTimeout(() => {
      if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 500 })
      else resolve()
    }, 0)
  })
})
