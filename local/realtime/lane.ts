// One thing at a time, in order, without a promise where nothing waits: a join or a new token asks the
// database, and what the client sends for that topic meanwhile stands in line behind it.

type Task = () => void | Promise<void>

export class Lane {
  #busy = false
  #waiting: Task[] = []

  constructor(
    private readonly failed: (error: unknown) => void,
    private readonly drained: () => void,
  ) {}

  get length(): number {
    return this.#waiting.length
  }

  enter(task: Task): void {
    if (this.#busy) {
      this.#waiting.push(task)
      return
    }
    this.#run(task)
    if (!this.#busy) this.drained()
  }

  #run(task: Task): void {
    let result: void | Promise<void>
    try {
      result = task()
    } catch (error) {
      this.failed(error)
      return
    }
    if (result) void this.#wait(result)
  }

  async #wait(result: Promise<void>): Promise<void> {
    this.#busy = true
    try {
      await result
    } catch (error) {
      this.failed(error)
    }
    this.#busy = false
    while (!this.#busy) {
      const next = this.#waiting.shift()
      if (!next) return this.drained()
      this.#run(next)
    }
  }
}
