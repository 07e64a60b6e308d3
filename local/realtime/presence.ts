// Who is here, by room. A member is one joined channel: it shows at most one meta, under the key of its
// join; several members may share a key. Every change is told at once as a diff of joins and leaves, and
// a changed meta names the reference that it replaces.

import { randomBytes } from 'node:crypto'

export interface Member {
  readonly presenceKey: string
  presenceChanged(diff: string): void
}

type Meta = { phx_ref: string } & Record<string, unknown>
type State = Record<string, { metas: Meta[] }>

export class Presence {
  #rooms = new Map<string, { members: Map<Member, Meta>; watchers: Set<Member> }>()

  watch(room: string, member: Member): void {
    this.#open(room).watchers.add(member)
  }

  /** The JSON of `presence_state`. */
  state(room: string): string {
    const state = Object.create(null) as State
    for (const [member, meta] of this.#rooms.get(room)?.members ?? []) {
      ;(state[member.presenceKey] ??= { metas: [] }).metas.push(meta)
    }
    return JSON.stringify(state)
  }

  track(room: string, member: Member, payload: Record<string, unknown>): void {
    const { members } = this.#open(room)
    const before = members.get(member)
    const meta: Meta = {
      ...payload,
      phx_ref: randomBytes(9).toString('base64url'),
      ...(before ? { phx_ref_prev: before.phx_ref } : {}),
    }
    members.set(member, meta)
    this.#tell(room, member.presenceKey, meta, before)
  }

  untrack(room: string, member: Member): void {
    const before = this.#rooms.get(room)?.members.get(member)
    if (!before) return
    this.#rooms.get(room)?.members.delete(member)
    this.#tell(room, member.presenceKey, undefined, before)
  }

  leave(room: string, member: Member): void {
    this.#rooms.get(room)?.watchers.delete(member)
    this.untrack(room, member)
    const left = this.#rooms.get(room)
    if (left && left.members.size === 0 && left.watchers.size === 0) this.#rooms.delete(room)
  }

  #open(room: string) {
    let opened = this.#rooms.get(room)
    if (!opened) this.#rooms.set(room, (opened = { members: new Map(), watchers: new Set() }))
    return opened
  }

  #tell(room: string, key: string, joined: Meta | undefined, left: Meta | undefined): void {
    const side = (meta: Meta | undefined) =>
      meta ? `{${JSON.stringify(key)}:{"metas":[${JSON.stringify(meta)}]}}` : '{}'
    const diff = `{"joins":${side(joined)},"leaves":${side(left)}}`
    for (const watcher of this.#rooms.get(room)?.watchers ?? []) watcher.presenceChanged(diff)
  }
}
