/** Waits for a condition, looking often; fails with what it last saw. */
export async function until<T>(
  look: () => Promise<T> | T,
  fits: (seen: T) => boolean,
  milliseconds = 15_000,
): Promise<T> {
  const end = Date.now() + milliseconds
  for (;;) {
    const seen = await look()
    if (fits(seen)) return seen
    if (Date.now() > end) throw new Error(`Not within ${milliseconds} ms; last seen: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
