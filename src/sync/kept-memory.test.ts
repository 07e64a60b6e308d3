import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('testing/kept-memory.ts', import.meta.url))

test('[F4] two thousand kept conversations take less than a kilobyte each, a fiftieth of what their Y.Docs take', async () => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--expose-gc', '--import', 'tsx', script])
  const { keptBytes, openBytes, messages } = JSON.parse(stdout) as Record<string, number>
  process.stdout.write(`2,000 conversations kept: ${keptBytes} bytes; as Y.Docs: ${openBytes} bytes\n`)
  expect(messages).toBe(50_000)
  expect(keptBytes).toBeLessThan(2_000 * 1_000)
  expect(keptBytes).toBeLessThan((openBytes ?? 0) / 50)
}, 90_000)
