/** How long `npm start` takes until /healthz says that all is well: installed, built, with data. Prints one JSON line. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { freePort } from '../tests/e2e/harness/free-port.ts'
import { launch } from '../tests/harness/running-stack.ts'
import { until } from '../tests/harness/until.ts'

const rounds = 5
const dataDir = mkdtempSync(join(tmpdir(), 'tideline-bench-start-'))

async function start(): Promise<number> {
  const port = await freePort()
  const begun = performance.now()
  const { child, output } = launch(['--port', String(port), '--data', dataDir], {}, ['scripts/start.mjs'])
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(output())
      return fetch(`http://127.0.0.1:${port}/healthz`).then(
        (response) => response.ok,
        () => false,
      )
    },
    (healthy) => healthy,
    60_000,
  )
  const milliseconds = Math.round(performance.now() - begun)
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
  return milliseconds
}

const first = await start()
const warm: number[] = []
for (let round = 0; round < rounds; round++) warm.push(await start())
rmSync(dataDir, { recursive: true, force: true })
const median = warm.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]
console.log(JSON.stringify({ firstMs: first, warmMedianMs: median, warmMs: warm }))
