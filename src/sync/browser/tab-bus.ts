import type { TabBus, TabMessage } from '../ports.ts'

/** Null where BroadcastChannel is missing. */
export function makeTabBus(name: string): TabBus | null {
  if (typeof BroadcastChannel === 'undefined') return null
  const channel = new BroadcastChannel(name)
  let closed = false
  return {
    post(message) {
      // A closed channel throws, and an edit made while the workspace is being left would throw with it.
      if (closed) return
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has no target
      channel.postMessage(message)
    },
    subscribe(listener) {
      const hear = ({ data }: MessageEvent<TabMessage>) => listener(data)
      channel.addEventListener('message', hear)
      return () => {
        channel.removeEventListener('message', hear)
        channel.close()
        closed = true
      }
    },
  }
}
