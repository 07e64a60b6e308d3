import type { ConnectionLogLine } from '../connection-log-line.ts'
import type { LogBook } from '../ports.ts'

interface MemoryBook extends LogBook {
  readonly lines: readonly ConnectionLogLine[]
  readonly writes: number
  fault: 'rejects' | 'never answers' | null
}

/** A log book in memory, which can be told to fail. */
export function makeMemoryBook(): MemoryBook {
  let lines: readonly ConnectionLogLine[] = []
  let writes = 0
  const meet = async () => {
    await Promise.resolve()
    if (book.fault === 'never answers') await new Promise(() => {})
    if (book.fault === 'rejects') throw new Error('the book was told to fail')
  }
  const book: MemoryBook = {
    get lines() {
      return lines
    },
    get writes() {
      return writes
    },
    fault: null,
    async read() {
      await meet()
      return lines
    },
    async append(more) {
      await meet()
      lines = [...lines, ...more]
      writes++
    },
  }
  return book
}
