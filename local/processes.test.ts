import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { isAlive, startMark, waitForExit } from './processes.ts'

describe('processes', () => {
  test('this one is alive and keeps its mark; one that ended is not, collected or not', async () => {
    expect(isAlive(process.pid)).toBe(true)
    expect(startMark(process.pid)).toBe(startMark(process.pid))
    // The shell's child ends at once, and the shell, turned into `sleep`, never collects it.
    const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const child = Number(line.toString())
    expect(startMark(child)).not.toBe(startMark(process.pid))
    expect(await waitForExit(child, 5_000)).toBe(true)
    expect(isAlive(parent.pid ?? 0)).toBe(true)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    expect(isAlive(parent.pid ?? 0)).toBe(false)
  })
})
