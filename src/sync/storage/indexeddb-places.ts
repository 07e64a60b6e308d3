/** Where kept documents stand, in an index. */
import type { DocumentStorage, KeptPlace } from '../ports.ts'
import { makeIndex } from './indexeddb-index.ts'

export function makePlaces(
  indexedDB: IDBFactory,
  name: string,
): Pick<DocumentStorage, 'places' | 'notePlaces'> {
  const transact = makeIndex(indexedDB, name, 'places')
  return {
    places: () =>
      transact('readonly', (places) => {
        const all = places.getAll() as IDBRequest<KeptPlace[]>
        return () => all.result
      }),
    notePlaces: (noted) =>
      transact('readwrite', (places) => {
        for (const place of noted) places.put(place, place.doc)
        return () => {}
      }),
  }
}
