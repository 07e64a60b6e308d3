/**
 * Which documents of a person hold unsent edits, in an index. One key for each document and tab: a tab writes and
 * removes its own, and never another's by accident.
 */
import type { DocumentStorage, UnsentMark } from '../ports.ts'
import { makeIndex } from './indexeddb-index.ts'

const keyOf = ({ doc, tab }: UnsentMark) => `${doc} ${tab}`

export function makeUnsentIndex(
  indexedDB: IDBFactory,
  name: string,
): Pick<DocumentStorage, 'unsent' | 'mark' | 'unmark'> {
  const transact = makeIndex(indexedDB, name, 'marks')
  return {
    unsent: () =>
      transact('readonly', (marks) => {
        const all = marks.getAll() as IDBRequest<UnsentMark[]>
        return () => all.result
      }),
    mark: (mark) =>
      transact('readwrite', (marks) => {
        marks.put(mark, keyOf(mark))
        return () => {}
      }),
    unmark: (gone) =>
      transact('readwrite', (marks) => {
        for (const mark of gone) marks.delete(keyOf(mark))
        return () => {}
      }),
  }
}
