/** Waits for a condition; where it never comes, the error says what was seen last. */
export async function until<Seen>(
  look: () => Promise<Seen>,
  isGood: (seen: Seen) => boolean,
  patience = 60_000,
): Promise<Seen> {
  const end = Date.now() + patience
  for (;;) {
    const seen = await look()
    if (isGood(seen)) return seen
    if (Date.now() > end) throw new Error(`Not so within ${patience} ms. Last seen: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
