import { existsSync, watch } from 'node:fs'

/** Says once, shortly after the last of a burst, that something under one of the folders changed. */
export function watchSources(folders: string[], changed: () => void): () => void {
  let pause: NodeJS.Timeout | undefined
  const watchers = folders
    .filter((folder) => existsSync(folder))
    .map((folder) => {
      const watcher = watch(folder, { recursive: true, persistent: false }, (_event, file) => {
        if (file && !/\.(ts|tsx|js|mjs|json|env)$/.test(file) && file !== '.env') return
        clearTimeout(pause)
        pause = setTimeout(changed, 100)
      })
      // A folder that goes away ends its own watching and nothing else.
      watcher.on('error', () => watcher.close())
      return watcher
    })
  return () => {
    clearTimeout(pause)
    for (const watcher of watchers) watcher.close()
  }
}
