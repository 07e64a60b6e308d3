/** Task-shaped rows as every contender holds them: a map of maps, keyed by ULIDs. */
import * as Y from 'yjs'

const ROWS = 'tasks'
export const rowId = (n: number): string => `01ARYZ6S41TSV4RRFFQ6${String(n).padStart(6, '0')}`

const statuses = ['backlog', 'in_progress', 'blocked', 'review', 'done']
const member = (n: number) => `0b9c8f6e-3d52-4a1f-9d55-${String(n % 12).padStart(12, '0')}`

export const rowsOf = (doc: Y.Doc): Y.Map<Y.Map<unknown>> => doc.getMap(ROWS)

export function addRow(doc: Y.Doc, n: number): void {
  const row = new Y.Map<unknown>()
  const values = {
    title: `Ligar para o cliente ${n} e confirmar a visita`,
    status: statuses[n % statuses.length],
    assignee: member(n),
    priority: `p${(n % 4) + 1}`,
    due: `2026-11-${String((n % 28) + 1).padStart(2, '0')}`,
    order: `V${n.toString(36)}`,
    created_at: 1_795_000_000_000 + n,
    created_by: member(n + 5),
  }
  for (const [field, value] of Object.entries(values)) row.set(field, value)
  row.set(`labels/${rowId(n % 7)}`, true)
  rowsOf(doc).set(rowId(n), row)
}

/** A message of a conversation, as the map that it is. */
export function addMessage(doc: Y.Doc, n: number): void {
  const message = new Y.Map<unknown>()
  const values = {
    text: `Bom dia, o técnico chega às ${n % 12} horas e leva a peça ${n} consigo.`,
    author: member(n),
    direction: n % 2 === 0 ? 'in' : 'out',
    state: 'read',
    at: 1_795_000_000_000 + n,
  }
  for (const [field, value] of Object.entries(values)) message.set(field, value)
  rowsOf(doc).set(rowId(n), message)
}

/** One field of one row, as a person changes it. */
export function editRow(doc: Y.Doc, row: number, edit: number): void {
  const map = rowsOf(doc).get(rowId(row))
  if (!map) throw new Error(`There is no row ${row} to edit.`)
  if (edit % 3 === 0) map.set('title', `Visita ${edit} do cliente ${row}`)
  else if (edit % 3 === 1) map.set('status', statuses[edit % statuses.length])
  else map.set('order', `V${edit.toString(36)}`)
}

/** Each row is made by one update and edited by another. */
export function writeHistory(rows: number): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let n = 0; n < rows; n++) doc.transact(() => addRow(doc, n))
  for (let n = 0; n < rows; n++) doc.transact(() => editRow(doc, n, n))
  return { doc, updates }
}

/** Repeatable, so that all contenders get the same edits. */
export function makeChance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Fails unless both hold the same rows with the same values. */
export function assertEqual(one: Y.Doc, other: Y.Doc, rows: number): void {
  const [mine, theirs] = [one, other].map((doc) => JSON.stringify(sorted(rowsOf(doc).toJSON())))
  if (rowsOf(one).size !== rows) throw new Error(`There are ${rowsOf(one).size} rows instead of ${rows}.`)
  if (mine !== theirs) throw new Error('The two replicas are not equal.')
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)])
}

/** Resolves once the document holds everything that the other holds now. */
export function reaches(doc: Y.Doc, others: readonly Y.Doc[]): Promise<void> {
  const wanted = new Map<number, number>()
  for (const other of others) {
    for (const client of other.store.clients.keys()) {
      const clock = Math.max(wanted.get(client) ?? 0, Y.getState(other.store, client))
      wanted.set(client, clock)
    }
  }
  return new Promise((resolve) => {
    const look = () => {
      for (const [client, clock] of wanted) {
        if (Y.getState(doc.store, client) < clock) return
        wanted.delete(client)
      }
      doc.off('afterAllTransactions', look)
      resolve()
    }
    doc.on('afterAllTransactions', look)
    look()
  })
}
