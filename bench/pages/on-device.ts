/** The page of W6, W7, W8 and of memory: documents in this browser's storage. Driven from outside through `window.bench`. */
import * as Y from 'yjs'
import { addMessage, addRow, rowId, rowsOf, writeHistory } from '../measure/rows.ts'
import { keepers, type KeeperName, type OpenDocument } from './device-contenders.ts'

const TRANSACTIONS_A_TASK = 50

/** One task after another, as a page does that has other things to do; a timer would be held back to 4 ms. */
const nextTask = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })

async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

let open: OpenDocument | null = null
// Kept, so that they are measured.
let held: readonly OpenDocument[] = []

/** 20,000 updates, and the same as one. */
const histories = new Map<number, ReturnType<typeof writeHistory>>()
const historyOf = (rows: number) => {
  const found = histories.get(rows) ?? writeHistory(rows)
  histories.set(rows, found)
  return found
}

const bench = {
  async open(keeper: KeeperName, name: string, workspace = 0): Promise<number> {
    return timed(async () => {
      open = keepers[keeper].open(name, workspace)
      await open.loaded
    })
  },

  /** Makes a row in each transaction; what was called safe stands in localStorage, which outlives the tab. */
  async burst(count: number): Promise<void> {
    if (!open) throw new Error('Nothing is open.')
    localStorage.setItem('safe', '0')
    open.watchSafe?.((rows) => localStorage.setItem('safe', String(rows)))
    for (let n = 0; n < count; n++) {
      open.edit(rowId(n), (doc) => addRow(doc, n))
      if (n % TRANSACTIONS_A_TASK === TRANSACTIONS_A_TASK - 1) await nextTask()
    }
  },

  stored: () => timed(() => open?.stored()),

  rows: () => (open ? rowsOf(open.doc).size : 0),
  safe: () => Number(localStorage.getItem('safe')),

  /** Lays the same history down as so many updates, or as one. */
  async put(keeper: KeeperName, name: string, rows: number, compacted: boolean): Promise<void> {
    const { doc, updates } = historyOf(rows)
    await keepers[keeper].put(name, compacted ? [Y.encodeStateAsUpdate(doc)] : updates)
  },

  /** What Yjs alone needs for it, the bytes being there. */
  async applyBare(rows: number): Promise<number> {
    const bytes = new Uint8Array(await (await fetch(`/history?rows=${rows}`)).arrayBuffer())
    const doc = new Y.Doc()
    const ms = await timed(() => Y.applyUpdate(doc, bytes))
    if (rowsOf(doc).size !== rows) throw new Error('Rows are missing.')
    return ms
  },

  /** A board of tasks, and conversations of a thousand messages each. */
  async putWorkspace(keeper: KeeperName, rows: number, conversations: number): Promise<void> {
    const state = (count: number, add: (doc: Y.Doc, n: number) => void) => {
      const doc = new Y.Doc()
      doc.transact(() => {
        for (let n = 0; n < count; n++) add(doc, n)
      })
      return Y.encodeStateAsUpdate(doc)
    }
    await keepers[keeper].put('tasks', [state(rows, addRow)])
    const messages = state(1_000, addMessage)
    for (let n = 0; n < conversations; n++) await keepers[keeper].put(`conversation-${n}`, [messages])
  },

  async openWorkspace(keeper: KeeperName, rows: number, conversations: number): Promise<void> {
    const names = ['tasks', ...Array.from({ length: conversations }, (_, n) => `conversation-${n}`)]
    held = names.map((name) => keepers[keeper].open(name))
    await Promise.all(held.map(({ loaded }) => loaded))
    const sizes = held.map(({ doc }) => rowsOf(doc).size)
    if (sizes[0] !== rows || sizes.slice(1).some((size) => size !== 1_000))
      throw new Error(`${keeper} has not all of the workspace: ${sizes.join()}`)
  },

  async putMany(keeper: KeeperName, count: number): Promise<void> {
    const doc = new Y.Doc()
    for (let n = 0; n < 5; n++) addRow(doc, n)
    const state = Y.encodeStateAsUpdate(doc)
    for (let n = 0; n < count; n++) await keepers[keeper].put(`small-${n}`, [state])
  },

  async openMany(keeper: KeeperName, count: number, together: boolean): Promise<number> {
    const opened: OpenDocument[] = []
    const ms = await timed(async () => {
      for (let n = 0; n < count; n++) {
        const one = keepers[keeper].open(`small-${n}`)
        opened.push(one)
        if (!together) await one.loaded
      }
      await Promise.all(opened.map(({ loaded }) => loaded))
    })
    if (opened.some(({ doc }) => rowsOf(doc).size !== 5)) throw new Error('A document is not whole.')
    return ms
  },
}

export type OnDevice = typeof bench

Object.assign(window, { bench })
