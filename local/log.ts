// What the stack says about itself. A line carries ids, codes and counts, never what people wrote.

export interface Log {
  info(line: string): void
  warn(line: string): void
}

export const silentLog: Log = { info: () => {}, warn: () => {} }

export const terminalLog: Log = {
  info: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
}

/** The safe part of an error: its class or SQL code. PostgreSQL's message and detail quote values. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code
    return typeof code === 'string' ? code : error.name
  }
  return typeof error
}
