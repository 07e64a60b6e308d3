/** A peer's server in a process of its own, on a folder of its own, on one port for as long as it is measured. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSecondsOf, startProcess, type ServerProcess } from '../measure/process.ts'
import type { Device, Running } from './contender.ts'

export async function serve(
  program: string,
  file: string | null,
  device: (url: string, document: string) => Promise<Device>,
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'tideline-bench-'))
  const stored = file === null ? '' : join(folder, file)
  let port = '0'
  let server: ServerProcess
  const start = async () => {
    server = await startProcess([join('bench/servers', program), stored, port], /^ready (\d+)$/)
    port = server.ready
  }
  const again = async (signal: NodeJS.Signals) => {
    await server.end(signal)
    await start()
  }
  await start()
  return {
    port: () => Number(port),
    prepare: async () => {},
    device: (document, through) => device(`ws://127.0.0.1:${through ?? port}`, document),
    crash: () => again('SIGKILL'),
    restart: () => again('SIGTERM'),
    cpuSeconds: () => cpuSecondsOf(server.pid),
    async stop() {
      await server.end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
