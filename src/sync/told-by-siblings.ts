const MOST = 200

/** What siblings told is for them to store, unless something of ours comes to stand on it. [T1] */
export interface ToldBySiblings {
  add(update: Uint8Array): void
  /** Hands everything over to be stored here too. */
  keep(): void
  forget(): void
}

export function makeToldBySiblings(store: (update: Uint8Array) => void): ToldBySiblings {
  let told: Uint8Array[] = []
  const self: ToldBySiblings = {
    add(update) {
      told.push(update)
      if (told.length > MOST) self.keep()
    },
    keep() {
      for (const update of told) store(update)
      told = []
    },
    forget() {
      told = []
    },
  }
  return self
}
