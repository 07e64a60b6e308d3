/** Starts contenders for one measurement and ends them after it; one that cannot run here is named, with the reason. */
import type { Contender, Device, Running } from './contender.ts'

export interface Ready {
  readonly name: string
  readonly running: Running
}

export async function withAll<T>(
  contenders: readonly Contender[],
  measure: (ready: readonly Ready[], notes: readonly string[]) => Promise<T>,
): Promise<T> {
  const ready: Ready[] = []
  const notes: string[] = []
  try {
    for (const { name, start } of contenders) {
      try {
        ready.push({ name, running: await start() })
      } catch (error) {
        // Ours never may be missing.
        if (name.startsWith('Tideline')) throw error
        const reason =
          error instanceof Error ? error.message.split('\n').find((line) => /Error/.test(line)) : ''
        notes.push(`${name} could not run here and was left out. ${reason ?? ''}`.trim())
        process.stderr.write(`  ${notes.at(-1)}\n`)
      }
    }
    return await measure(ready, notes)
  } finally {
    for (const { running } of ready) await running.stop()
  }
}

/** Two devices with one document, closed when the work is done. */
export async function withDevices<T>(
  { running }: Ready,
  document: string,
  count: number,
  work: (devices: readonly Device[]) => Promise<T>,
): Promise<T> {
  const devices: Device[] = []
  try {
    for (let n = 0; n < count; n++) devices.push(await running.device(document))
    return await work(devices)
  } finally {
    for (const device of devices) await device.close()
  }
}
