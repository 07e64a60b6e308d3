import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { projectRoot } from './project.ts'

export interface CommandLine {
  port: number
  host: string
  dataDir: string
  reset: boolean
  help: boolean
}

export class BadCommandLine extends Error {
  override name = 'BadCommandLine'
}

export const usage = `npm start -- [--port N] [--host H] [--data DIR] [--reset]

  --port N    the port of everything (default 4173; 0 takes a free one)
  --host H    the address to listen on (default 127.0.0.1; 0.0.0.0 opens it to the network)
  --data DIR  where the data lies (default .tideline)
  --reset     forget the data first

DATABASE_URL puts the stack on a PostgreSQL 15 or later of your own.`

export function readCommandLine(args: string[]): CommandLine {
  let values
  try {
    ;({ values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '4173' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string', default: join(projectRoot, '.tideline') },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }))
  } catch (error) {
    throw new BadCommandLine(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new BadCommandLine(`--port must be a number from 0 to 65535, not ${values.port}.`)
  }
  if (values.data === '') throw new BadCommandLine('--data must name a folder.')
  return { port, host: values.host, dataDir: values.data, reset: values.reset, help: values.help }
}
