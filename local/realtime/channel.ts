// A joined channel: what it hears is written to its client, what its client sends is checked against what
// it may do. While `#held` is a list (a join still reading what to replay), what it hears waits there.

import { expiryTimer } from './expiry.ts'
import { type Broadcast, encodeText, type Frame, type Vsn } from './frames.ts'
import { type Listener, roomOf } from './hub.ts'
import { fields, type JoinConfig } from './join-config.ts'
import type { Member } from './presence.ts'
import type { Permissions } from './policies.ts'
import { PresenceCalls } from './presence-calls.ts'
import type { Services } from './services.ts'
import type { Snapshot } from './snapshot.ts'
import type { Claims } from './tokens.ts'

/** The socket that a channel belongs to. */
export interface Owner {
  readonly vsn: Vsn
  readonly headers: Record<string, string>
  send(frame: string | Buffer): void
  forget(channel: Channel): void
}

export interface Opening {
  topic: string
  subtopic: string
  joinRef: string | null
  config: JoinConfig
  claims: Claims
  token: string | null
  permissions: Permissions
}

export class Channel implements Listener, Member {
  readonly vsn: Vsn
  readonly topic: string
  readonly subtopic: string
  readonly joinRef: string | null
  readonly room: string
  readonly presenceKey: string
  claims: Claims
  open = true
  #token: string | null
  #permissions: Permissions
  #config: JoinConfig
  #held: { broadcast: Broadcast; frame: string | Buffer }[] | null = []
  #replayed: Snapshot | null = null
  #presence: PresenceCalls
  #expiry: { cancel(): void }

  constructor(
    private readonly services: Services,
    private readonly owner: Owner,
    opening: Opening,
  ) {
    this.vsn = owner.vsn
    this.topic = opening.topic
    this.subtopic = opening.subtopic
    this.joinRef = opening.joinRef
    this.claims = opening.claims
    this.presenceKey = opening.config.presenceKey
    this.room = roomOf(opening.subtopic, opening.config.isPrivate)
    this.#token = opening.token
    this.#permissions = opening.permissions
    this.#config = opening.config
    this.#presence = new PresenceCalls(services, this)
    this.#expiry = this.#watchExpiry()
    services.hub.enter(this.room, this)
  }

  /** After the join is answered: what was replayed first, then what came meanwhile and is not part of it. */
  start(replayed: { snapshot: Snapshot | null; frames: (string | Buffer)[] }): void {
    this.#replayed = replayed.snapshot
    for (const frame of replayed.frames) this.owner.send(frame)
    const held = this.#held ?? []
    this.#held = null
    for (const { broadcast, frame } of held) this.hear(broadcast, frame)
    if (this.open && this.#config.presenceEnabled) this.#presence.sync(this.#permissions.presence.read)
  }

  hear(broadcast: Broadcast, frame: string | Buffer): void {
    if (!this.#permissions.broadcast.read) return
    if (this.#held) {
      this.#held.push({ broadcast, frame })
      return
    }
    // What was committed when the replay was read is in it, or is older than what was asked for.
    if (broadcast.transaction !== undefined && this.#replayed?.contains(broadcast.transaction)) return
    this.services.events.add()
    if (this.services.events.exceeded()) return this.shutdown('Too many messages per second')
    this.owner.send(frame)
  }

  presenceChanged(diff: string): void {
    this.push('presence_diff', diff)
  }

  receive(frame: Frame): void | Promise<void> {
    if (frame.event === 'broadcast') return this.#broadcast(frame)
    if (frame.event === 'presence') return this.#presence.receive(frame, this.#permissions.presence)
    if (frame.event === 'access_token') return this.#refresh(fields(frame.payload)?.['access_token'])
    this.services.events.add()
  }

  #broadcast(frame: Frame): void {
    // A sender without permission hears nothing, not even with `ack`: as the real server does.
    if (!this.#permissions.broadcast.write) return
    this.services.events.add()
    if (this.services.events.exceeded()) return this.shutdown('Too many messages per second')
    const broadcast = frame.broadcast ?? {
      form: 'text' as const,
      payload: JSON.stringify(frame.payload ?? {}),
    }
    const size = broadcast.form === 'bytes' ? broadcast.body.length : Buffer.byteLength(broadcast.payload)
    if (size > this.services.limits.payloadBytes) {
      if (this.#config.ack) this.reply(frame.ref, 'error', '"payload_size_exceeded"')
      return
    }
    this.services.hub.publish(this.room, broadcast, this.#config.self ? undefined : this)
    if (this.#config.ack) this.reply(frame.ref, 'ok', '{}')
  }

  /** A new token is a new decision: about the token itself and, on a private channel, about the topic. */
  async #refresh(token: unknown): Promise<void> {
    if (typeof token !== 'string' || token.startsWith('sb_') || token === this.#token) return
    const { claims, refusal } = this.services.tokens.verify(token)
    if (refusal) return this.shutdown(refusal.message)
    if (this.#config.isPrivate) {
      const before = this.#permissions
      const now = await this.services.policies.decide(this.subtopic, { claims, headers: this.owner.headers })
      if (!this.open) return
      if (!now.broadcast.read && !now.presence.read) {
        return this.shutdown(`You do not have permissions to read from this Channel topic: ${this.subtopic}`)
      }
      if ((before.broadcast.read && !now.broadcast.read) || (before.presence.read && !now.presence.read)) {
        return this.shutdown(
          `You no longer have permission to read from this Channel topic: ${this.subtopic}`,
        )
      }
      this.#permissions = now
      if (this.#config.presenceEnabled && !before.presence.read) this.#presence.sync(now.presence.read)
    }
    this.#token = token
    this.claims = claims
    this.#expiry.cancel()
    this.#expiry = this.#watchExpiry()
  }

  #watchExpiry(): { cancel(): void } {
    const token = this.#token
    if (!token || !this.claims.exp) return { cancel: () => {} }
    return expiryTimer(this.claims.exp, () => {
      const { refusal } = this.services.tokens.verify(token)
      this.shutdown(refusal?.message ?? 'Token has expired 0 seconds ago')
    })
  }

  system(extension: 'system' | 'postgres_changes', status: 'ok' | 'error', message: string): void {
    this.push('system', JSON.stringify({ extension, status, message, channel: this.subtopic }))
  }

  /** Says why, then closes this channel and leaves the socket's others alone. */
  shutdown(message: string): void {
    if (!this.open) return
    this.system('system', 'error', message)
    this.close()
  }

  close(): void {
    if (!this.open) return
    this.leave()
    this.#write(this.joinRef, 'phx_close', '{}')
  }

  /** Without a word: the socket is gone. */
  leave(): void {
    if (!this.open) return
    this.open = false
    this.#expiry.cancel()
    this.services.hub.leave(this.room, this)
    this.services.presence.leave(this.room, this)
    this.services.changes.remove(this)
    this.owner.forget(this)
  }

  reply(ref: string | null, status: 'ok' | 'error', response: string): void {
    if (ref !== null) this.#write(ref, 'phx_reply', `{"status":"${status}","response":${response}}`)
  }

  push(event: string, payload: string): void {
    if (this.open) this.#write(null, event, payload)
  }

  #write(ref: string | null, event: string, payload: string): void {
    this.owner.send(encodeText(this.vsn, { joinRef: this.joinRef, ref, topic: this.topic, event, payload }))
  }
}
