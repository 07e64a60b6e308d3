import { readFile } from 'node:fs/promises'

/** The functions of `supabase/config.toml` that say `verify_jwt = false`: all others ask for a person's token. */
export async function openFunctions(configFile: string): Promise<Set<string>> {
  const text = await readFile(configFile, 'utf8').catch(() => '')
  const open = new Set<string>()
  let section: string | undefined
  for (const line of text.split('\n')) {
    const plain = line.replace(/#.*$/, '').trim()
    const header = /^\[(.+)\]$/.exec(plain)?.[1]
    if (header !== undefined)
      section = /^functions\.(?:"([^"]+)"|([\w-]+))$/.exec(header)?.slice(1).find(Boolean)
    else if (section && /^verify_jwt\s*=\s*false$/.test(plain)) open.add(section)
  }
  return open
}
