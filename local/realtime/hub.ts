// Who hears what. A room is a topic together with its being private or public: two channels of one name
// and different privacy are two rooms and never meet.

import { type Broadcast, encodeBroadcast, type Vsn } from './frames.ts'

/** A joined channel, as the hub sees it. */
export interface Listener {
  readonly vsn: Vsn
  readonly topic: string
  hear(broadcast: Broadcast, frame: string | Buffer): void
}

export const roomOf = (subtopic: string, isPrivate: boolean): string =>
  `${isPrivate ? 'private' : 'public'}:${subtopic}`

export class Hub {
  #rooms = new Map<string, Set<Listener>>()

  enter(room: string, listener: Listener): void {
    const listeners = this.#rooms.get(room)
    if (listeners) listeners.add(listener)
    else this.#rooms.set(room, new Set([listener]))
  }

  leave(room: string, listener: Listener): void {
    const listeners = this.#rooms.get(room)
    if (listeners?.delete(listener) && listeners.size === 0) this.#rooms.delete(room)
  }

  /** Encodes once per protocol, however many listen. */
  publish(room: string, broadcast: Broadcast, except?: Listener): void {
    const frames = new Map<Vsn, string | Buffer | null>()
    for (const listener of this.#rooms.get(room) ?? []) {
      if (listener === except) continue
      let frame = frames.get(listener.vsn)
      if (frame === undefined) {
        frame = encodeBroadcast(listener.vsn, listener.topic, broadcast)
        frames.set(listener.vsn, frame)
      }
      if (frame !== null) listener.hear(broadcast, frame)
    }
  }
}
