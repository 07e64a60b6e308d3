/** Devices and tabs as people: somebody with five tabs on two devices is one person. [H3] */
import type { DeviceHere } from './room.ts'

interface PersonPlace {
  readonly doc: string
  readonly entity: string | null
  readonly away: boolean
  readonly typing: boolean
  readonly cursor: string | null
}

export interface PresentPerson {
  readonly id: string
  /** Nobody looks at any of their tabs. */
  readonly away: boolean
  readonly places: readonly PersonPlace[]
}

/** In the order of their ids, so that nobody moves because somebody else came. */
export function peopleOf(devices: Iterable<DeviceHere>): readonly PresentPerson[] {
  const people = new Map<string, { away: boolean; places: Map<string, PersonPlace> }>()
  for (const { person, tabs } of devices) {
    const known = people.get(person) ?? { away: true, places: new Map() }
    people.set(person, known)
    for (const { doc, entity, away, typing, cursor } of tabs) {
      known.away &&= away
      if (!doc) continue
      const key = `${doc} ${entity ?? ''}`
      const before = known.places.get(key)
      known.places.set(key, {
        doc,
        entity,
        away: away && (before?.away ?? true),
        typing: typing || (before?.typing ?? false),
        cursor: cursor ?? before?.cursor ?? null,
      })
    }
  }
  return [...people]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { away, places }]) => ({ id, away, places: [...places.values()] }))
}
