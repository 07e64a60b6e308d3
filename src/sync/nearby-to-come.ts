/**
 * Those who are here, before the part that knows of them has come: nobody is seen yet, and what screens show of
 * themselves is kept for it.
 */
import type { Nearby } from './nearby.ts'
import { makeSubject } from './observable.ts'
import type { PresentPerson } from './presence/people.ts'
import type { TabWord } from './tab-messages.ts'

export interface NearbyToCome extends Nearby {
  come(nearby: Nearby): void
}

export function makeNearbyToCome(): NearbyToCome {
  const people = makeSubject<readonly PresentPerson[]>([])
  let nearby: Nearby | null = null
  let place: { readonly doc: string | null; readonly entity: string | null } | null = null
  let cursor: string | null = null
  let present: TabWord | null = null
  let visible = true
  let away = false

  return {
    presence: {
      people,
      look(doc, entity = null) {
        place = { doc, entity }
        cursor = null
        nearby?.presence.look(doc, entity)
      },
      point(next) {
        cursor = next
        nearby?.presence.point(next)
      },
      type: () => nearby?.presence.type(),
    },
    refresh: () => nearby?.refresh(),
    hear(word) {
      if (word.kind === 'present') present = word
      nearby?.hear(word)
    },
    shows: (word, from) => nearby?.shows(word, from),
    gone: (tab) => nearby?.gone(tab),
    edited: (document, update) => nearby?.edited(document, update),
    setVisible(next) {
      away = false
      visible = next
      nearby?.setVisible(next)
    },
    leave() {
      away = true
      nearby?.leave()
    },
    stop: () => nearby?.stop(),
    come(one) {
      nearby = one
      one.presence.people.subscribe(people.set)
      one.setVisible(visible)
      if (away) one.leave()
      if (place) one.presence.look(place.doc, place.entity)
      if (cursor !== null) one.presence.point(cursor)
      if (present) one.hear(present)
    },
  }
}
