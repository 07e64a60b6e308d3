/** Who else is here, as screens ask for it: everybody, and who has one thing open. */
import { createSignal, onCleanup, type Accessor } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { Presence } from '../sync/presence/presence.ts'

interface PersonHere {
  readonly id: string
  /** Nobody looks at their screen at this moment. */
  readonly away: boolean
}

interface PersonAt extends PersonHere {
  readonly typing: boolean
  readonly cursor: string | null
}

export interface WorkspacePresence extends Pick<Presence, 'look' | 'point' | 'type'> {
  /** Everybody but this person, who may well be here on other devices too. */
  readonly others: Accessor<readonly PersonHere[]>
  /** Who of them has this open; tells only those who ask for the same. */
  at(doc: string, entity: string): readonly PersonAt[]
}

const nobody: readonly PersonAt[] = []

export function createWorkspacePresence(presence: Presence, me: string): WorkspacePresence {
  const [others, setOthers] = createSignal<readonly PersonHere[]>([], { equals: isSame })
  const [places, setPlaces] = createStore<Record<string, readonly PersonAt[]>>({})
  let before: Record<string, readonly PersonAt[]> = {}

  const hear = () => {
    const people = presence.people.get().filter(({ id }) => id !== me)
    setOthers(people.map(({ id, away }) => ({ id, away })))
    const now: Record<string, PersonAt[]> = {}
    for (const { id, places: seen } of people) {
      for (const { doc, entity, away, typing, cursor } of seen) {
        if (entity === null) continue
        const key = keyOf(doc, entity)
        now[key] = [...(now[key] ?? []), { id, away, typing, cursor }]
      }
    }
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      if (!isSame(before[key], now[key])) setPlaces(key, now[key] ?? nobody)
    }
    before = now
  }
  hear()
  onCleanup(presence.people.subscribe(hear))

  return {
    others,
    at: (doc, entity) => places[keyOf(doc, entity)] ?? nobody,
    look: presence.look,
    point: presence.point,
    type: presence.type,
  }
}

const keyOf = (doc: string, entity: string) => `${doc} ${entity}`

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
