import type { labels } from '../../domain/collections/labels.ts'
import type { CollectionStore } from '../../stores/collection-store.ts'
import { language } from '../i18n/language.ts'

/** Labels in the order in which one looks for a name. */
export function labelIdsByName(store: CollectionStore<typeof labels>): string[] {
  return store
    .ids()
    .toSorted((one, other) =>
      (store.byId[one]?.name ?? '').localeCompare(store.byId[other]?.name ?? '', language()),
    )
}
