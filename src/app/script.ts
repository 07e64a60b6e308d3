/**
 * A script of its own, imported when it is called for; after a failure the next call really asks again. Chromium
 * remembers for the life of a page that a module did not come, so from then on it is asked for under another name: its
 * address with a fragment, which neither the network nor the worker's store sees.
 */
export function makeScript<Script>(load: () => Promise<Script>): () => Promise<Script> {
  let address: string | undefined
  let again = 0
  return async () => {
    try {
      if (address === undefined) return await load()
      return (await import(/* @vite-ignore */ `${address}#${++again}`)) as Script
    } catch (error) {
      // Browsers that do not say the address are those that ask again by themselves.
      address ??= /https?:\S+\.js/.exec(String(error))?.[0]
      throw error
    }
  }
}
