/**
 * What a sentence that is typed and twenty cards that are dragged cost on the wire, while a second device looks on: calls
 * of the RPCs, and broadcasts of the client and of the database. A burst is what happens within 100 ms.
 */
import { tideline } from './contenders/tideline.ts'
import type { Device } from './contenders/contender.ts'
import { countTraffic } from './measure/traffic-count.ts'
import { report, type Goal } from './measure/report.ts'
import { inTurns, within, type Sample } from './measure/rounds.ts'
import { addRow, assertEqual, reaches, rowId, rowsOf } from './measure/rows.ts'

const SENTENCE = 'O técnico leva o ventilador de 220 V na van 3 e liga quando chegar.'
// A fast typist, eight keys a second.
const KEY_EVERY = 125
const CARDS = 20
const BURST = 100
// No gesture of a person, and no goal: what happens when something writes without pause.
const STORM = 'an edit every 5 ms for a second'

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

async function typeSentence(device: Device): Promise<number> {
  const text = () => rowsOf(device.doc).get(rowId(0))
  for (let length = 1; length <= SENTENCE.length; length++) {
    device.edit(rowId(0), () => text()?.set('title', SENTENCE.slice(0, length)))
    await pause(KEY_EVERY)
  }
  return SENTENCE.length
}

/** Twenty chosen cards dropped at once, one transaction a card, as the board writes them. */
async function dragTogether(device: Device): Promise<number> {
  for (let n = 0; n < CARDS; n++) move(device, n, `W${n}`)
  return 1
}

/** One after another, three a second. */
async function dragEach(device: Device): Promise<number> {
  for (let n = 0; n < CARDS; n++) {
    move(device, n, `X${n}`)
    await pause(330)
  }
  return CARDS
}

/** Something that writes every 5 ms for a second. */
async function storm(device: Device): Promise<number> {
  const begun = performance.now()
  for (let n = 0; performance.now() - begun < 1_000; n++) {
    move(device, n % CARDS, `Y${n}`)
    await pause(5)
  }
  return 1_000 / BURST
}

const move = (device: Device, n: number, order: string) =>
  device.edit(rowId(n), (doc) => void rowsOf(doc).get(rowId(n))?.set('order', order))

const gestures = [
  { name: 'typing a sentence', make: typeSentence },
  { name: 'dragging 20 cards together', make: dragTogether },
  { name: 'dragging 20 cards one by one', make: dragEach },
  { name: STORM, make: storm },
]

const running = await tideline.start()
try {
  const seen = await inTurns(gestures, async ({ name, make }, round): Promise<Sample> => {
    const document = `traffic-${gestures.findIndex((one) => one.name === name)}-${round}`
    const count = countTraffic()
    const one = await running.device(document)
    const other = await running.device(document)
    try {
      one.edit(rowId(0), (doc) => {
        for (let n = 0; n < CARDS; n++) addRow(doc, n)
      })
      await within(30_000, 'the rows are on both', reaches(other.doc, [one.doc]))
      await one.saved?.()
      // What devices say when they meet is over.
      await pause(1_500)
      const before = count.seen()
      const bursts = await make(one)
      await one.saved?.()
      await within(30_000, 'both are equal', reaches(other.doc, [one.doc]))
      const after = count.seen()
      assertEqual(one.doc, other.doc, CARDS)
      const each = (figure: keyof typeof after) => (after[figure] - before[figure]) / bursts
      return {
        rpcsABurst: each('rpcs'),
        clientBroadcastsABurst: each('clientBroadcasts'),
        databaseBroadcastsABurst: each('databaseBroadcasts'),
      }
    } finally {
      count.stop()
      await one.close()
      await other.close()
    }
  })
  const goals: Goal[] = Object.entries(seen)
    .filter(([name]) => name !== STORM)
    .flatMap(([name, sample]) => [
      { what: `RPCs a burst, ${name}`, goal: 1, seen: sample['rpcsABurst'] ?? NaN },
      {
        what: `broadcasts a burst, ${name}`,
        goal: 2,
        seen: (sample['clientBroadcastsABurst'] ?? NaN) + (sample['databaseBroadcastsABurst'] ?? NaN),
      },
    ])
  report({
    title: 'RPCs and broadcasts of typing a sentence and of dragging 20 cards',
    unit: 'a burst of 100 ms',
    seen,
    goals,
  })
} finally {
  await running.stop()
}
process.exit()
