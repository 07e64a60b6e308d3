/** What a PostgreSQL snapshot, `xmin:xmax:still,running`, says of a transaction: was it over by then? */
export class Snapshot {
  #xmin: bigint
  #xmax: bigint
  #running: Set<bigint>

  constructor(text: string) {
    const [xmin = '0', xmax = '0', running = ''] = text.split(':')
    this.#xmin = BigInt(xmin)
    this.#xmax = BigInt(xmax)
    this.#running = new Set(running.split(',').filter(Boolean).map(BigInt))
  }

  contains(transaction: bigint): boolean {
    return transaction < this.#xmin || (transaction < this.#xmax && !this.#running.has(transaction))
  }
}
