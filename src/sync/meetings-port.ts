/** Topics on which devices speak to each other, with nobody between them: all that is heard there is hearsay. */

export interface MeetingListener {
  joined(): void
  /** As on a live channel: the topic is gone, and does not come back by itself. */
  dropped(reason: string, refused?: boolean): void
  /** From another device. Whatever it is: values as JSON has them, or bytes. */
  heard(event: string, payload: unknown): void
}

export interface Meeting {
  /** To every other device on the topic; lost when it is not joined at this moment. */
  say(event: string, payload: object | Uint8Array): void
  leave(): void
}

export interface Meetings {
  /** Joins a topic. It never retries by itself: when and how often is the engine's decision. */
  join(topic: string, listener: MeetingListener): Meeting
}
