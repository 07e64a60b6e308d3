/** Far enough to be meant, in CSS pixels. */
const MEANT = 48

/** A finger that goes sideways: to the left for the next, to the right for the one before. */
export function createSwipe(step: (by: 1 | -1) => void): {
  onTouchStart(event: TouchEvent): void
  onTouchEnd(event: TouchEvent): void
} {
  let from: { x: number; y: number } | undefined
  return {
    onTouchStart({ touches }) {
      const [finger] = touches
      // Two fingers look closer, and so does one that moves over what was made larger.
      const isOne = touches.length === 1 && (window.visualViewport?.scale ?? 1) === 1
      from = isOne && finger ? { x: finger.clientX, y: finger.clientY } : undefined
    },
    onTouchEnd({ changedTouches }) {
      const [finger] = changedTouches
      if (!from || !finger) return
      const [across, along] = [finger.clientX - from.x, finger.clientY - from.y]
      from = undefined
      if (Math.abs(across) >= MEANT && Math.abs(across) > 2 * Math.abs(along)) step(across < 0 ? 1 : -1)
    },
  }
}
