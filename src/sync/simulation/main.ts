/**
 * `npm run simulate -- --seeds N [--seed S] [--verbose] [--breakages]`: seeds S to S + N - 1, shared out over the
 * processors; or, for each deliberate breakage, how many seeds find it.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { breakages } from './breakages.ts'
import { runHistory, type Failure } from './history.ts'
import { count, makeTally, merge, missed, summaryOf, wordsOf, type Tally } from './report.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    breakages: { type: 'boolean', default: false },
    // Set for the processes that this one starts.
    part: { type: 'boolean', default: false },
  },
})
const seeds = Number(values.seeds)
const first = Number(values.seed)
// Below this, starting a process takes longer than it saves.
const WORTH_A_PROCESS = 100
const MOST_SEEDS_TO_FIND = 300

type Message = { readonly failure: Failure } | { readonly tally: Tally }

const say = (text: string) => void process.stdout.write(`${text}\n`)

/** A failure is told when it is met: the rest may take an hour. */
function tell(failure: Failure): void {
  if (values.part) process.send?.({ failure } satisfies Message)
  else say(wordsOf(failure))
}

async function runHere(from: number, until: number): Promise<Tally> {
  const tally = makeTally()
  for (let seed = from; seed < until; seed++) {
    const history = await runHistory(seed)
    if (values.verbose) for (const line of history.trace) say(line)
    count(tally, history)
    if (history.failure) tell(history.failure)
  }
  return tally
}

function runElsewhere(from: number, until: number): Promise<Tally> {
  const child = fork(fileURLToPath(import.meta.url), ['--part', `--seed=${from}`, `--seeds=${until - from}`])
  return new Promise((resolve, reject) => {
    child.on('message', (message: Message) => {
      if ('tally' in message) resolve(message.tally)
      else tell(message.failure)
    })
    child.once('exit', (code) => reject(new Error(`the seeds from ${from} ended with ${code}`)))
  })
}

async function runAll(): Promise<Tally> {
  const processes = Math.min(availableParallelism(), Math.floor(seeds / WORTH_A_PROCESS))
  if (processes < 2 || values.verbose) return runHere(first, first + seeds)
  const share = Math.ceil(seeds / processes)
  const parts = Array.from({ length: processes }, (_, n) =>
    runElsewhere(first + n * share, first + Math.min(seeds, (n + 1) * share)),
  )
  const tally = makeTally()
  for (const part of await Promise.all(parts)) merge(tally, part)
  return tally
}

async function tryBreakages(): Promise<boolean> {
  let found = true
  for (const [name, breakage] of Object.entries(breakages)) {
    let seed = first
    let failure = null
    for (; failure === null && seed < first + MOST_SEEDS_TO_FIND; seed++)
      ({ failure } = await runHistory(seed, breakage))
    say(`${name}: ${failure ? `found by seed ${failure.seed}: not ${failure.promise}` : 'NOT FOUND'}`)
    found &&= failure !== null
  }
  return found
}

if (values.part) {
  const tally = await runHere(first, first + seeds)
  process.send?.({ tally } satisfies Message, () => process.disconnect())
} else if (values.breakages) {
  process.exitCode = (await tryBreakages()) ? 0 : 1
} else {
  const started = performance.now()
  const tally = await runAll()
  say(summaryOf(tally))
  say(`${((performance.now() - started) / seeds).toFixed(1)} ms a seed`)
  process.exitCode = tally.failures.length + missed(tally).length === 0 ? 0 : 1
}
