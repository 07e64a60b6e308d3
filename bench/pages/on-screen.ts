/**
 * The page of W9: 10,000 rows, 100 texts that each show one row, and 100 that each count the done ones of a hundred
 * rows. Every edit changes one text of each kind. How long until the page shows it, in four ways to hold the rows.
 */
import { createMemo, createRenderEffect, createRoot } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import * as Y from 'yjs'
import { tasks } from '../../src/domain/collections/tasks.ts'
import { createCollectionStore } from '../../src/stores/collection-store.ts'
import { addRow, rowId, rowsOf } from '../measure/rows.ts'

const ROWS = 10_000
const SELECTORS = 100
const BUCKET = ROWS / SELECTORS

interface Row {
  readonly title?: unknown
  readonly status?: unknown
}

/** What screens read, and how a person's edit gets into it. */
interface Held {
  row(id: string): Row | undefined
  setStatus(id: string, status: string): void
}

type Way = () => Held

function filled(): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (let n = 0; n < ROWS; n++) addRow(doc, n)
  })
  return doc
}

const statusIn = (doc: Y.Doc) => (id: string, status: string) =>
  doc.transact(() => rowsOf(doc).get(id)?.set('status', status))

const ways = {
  /** The floor: no document at all. */
  'plain Solid store': () => {
    const [rows, set] = createStore<Record<string, Record<string, unknown>>>(rowsOf(filled()).toJSON())
    return {
      row: (id) => rows[id],
      setStatus: (id, status) => set(id, 'status', status),
    }
  },

  'observeDeep into a store': () => {
    const doc = filled()
    const [rows, set] = createStore<Record<string, Record<string, unknown>>>(rowsOf(doc).toJSON())
    rowsOf(doc).observeDeep((events) => {
      for (const { path, target, keys } of events) {
        const map = target as Y.Map<unknown>
        for (const key of keys.keys()) set(String(path[0]), key, map.get(key))
      }
    })
    return { row: (id) => rows[id], setStatus: statusIn(doc) }
  },

  'toJSON and reconcile': () => {
    const doc = filled()
    const [rows, set] = createStore<Record<string, Record<string, unknown>>>(rowsOf(doc).toJSON())
    doc.on('update', () => set(reconcile(rowsOf(doc).toJSON())))
    return { row: (id) => rows[id], setStatus: statusIn(doc) }
  },

  Tideline: () => {
    const doc = filled()
    const source = { doc, loaded: Promise.resolve(), filled: Promise.resolve(), onReplaced: () => () => {} }
    const { byId } = createCollectionStore(source, tasks)
    return { row: (id) => byId[id] as Row | undefined, setStatus: statusIn(doc) }
  },
} satisfies Record<string, Way>

export type WayName = keyof typeof ways

function doneIn(held: Held, bucket: number): number {
  let count = 0
  for (let row = bucket * BUCKET; row < (bucket + 1) * BUCKET; row++)
    count += Number(held.row(rowId(row))?.status === 'done')
  return count
}

function draw(held: Held): { points: Text[]; buckets: Text[] } {
  const texts = (): Text => {
    const text = document.createTextNode('')
    document.body.append(text, document.createElement('br'))
    return text
  }
  const points = Array.from({ length: SELECTORS }, (_, n) => {
    const text = texts()
    createRenderEffect(() => {
      const row = held.row(rowId(n * BUCKET))
      text.data = `${row?.title}: ${row?.status}`
    })
    return text
  })
  const buckets = Array.from({ length: SELECTORS }, (_, n) => {
    const text = texts()
    const done = createMemo(() => doneIn(held, n))
    createRenderEffect(() => {
      text.data = `${done()} done`
    })
    return text
  })
  return { points, buckets }
}

const bench = {
  /** Milliseconds of each edit. */
  run(name: WayName, edits: number): number[] {
    document.body.replaceChildren()
    // Edits come from outside of the root: inside, what they cause would wait for its end.
    const { held, points, buckets, dispose } = createRoot((end) => {
      const rows = ways[name]()
      return { held: rows, ...draw(rows), dispose: end }
    })
    const spans: number[] = []
    for (let n = 0; n < edits; n++) {
      const place = n % SELECTORS
      const id = rowId(place * BUCKET)
      const status = Math.floor(n / SELECTORS) % 2 === 0 ? 'done' : 'review'
      const begun = performance.now()
      held.setStatus(id, status)
      spans.push(performance.now() - begun)
      if (points[place]?.data.endsWith(`: ${status}`) !== true)
        throw new Error(`${name} does not show edit ${n}.`)
    }
    for (const [place, text] of buckets.entries()) {
      if (text.data !== `${doneIn(held, place)} done`) throw new Error(`${name} shows a wrong count.`)
    }
    dispose()
    return spans
  },
}

export type OnScreen = typeof bench

Object.assign(window, { bench })
