import type { Device } from '../stores/app-context.ts'
import { recallSession } from '../stores/session/saved-session.ts'

/** Beside documents stand small databases that say something of them. */
const isDocument = (personId: string, name = ''): boolean =>
  ['ws', 'conv'].some((kind) => name.startsWith(`tideline/${personId}/${kind}/`))

/** Another tab hears of the sign-out a moment later, and may write the last of its log as it closes, or after 2 s [D10]. */
const LOOK_AGAIN_AFTER = [500, 2_500]

/** Deletes the databases of one person; another person's unsent work on this device is not theirs to erase. */
async function eraseDocuments(personId: string): Promise<void> {
  await eraseNow(personId)
  for (const pause of LOOK_AGAIN_AFTER) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    // What is here now was brought by who has signed in again.
    if (recallSession()?.person.id === personId) return
    await eraseNow(personId)
  }
}

async function eraseNow(personId: string): Promise<void> {
  // What was noted about them (when they were synced, what was unsent) is true no more either.
  for (const key of Object.keys(localStorage)) {
    if (/^tideline\.(pending|synced)\./.test(key) && key.includes(personId)) localStorage.removeItem(key)
  }
  const databases = await indexedDB.databases()
  const mine = databases.flatMap(({ name }) =>
    name?.startsWith(`tideline/${personId}/`) === true ? [name] : [],
  )
  await Promise.all(
    mine.map(
      (name) =>
        new Promise<void>((resolve) => {
          const request = indexedDB.deleteDatabase(name)
          for (const end of ['success', 'error', 'blocked']) request.addEventListener(end, () => resolve())
        }),
    ),
  )
}

export const device: Device = {
  async storage() {
    const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {}
    return usage === undefined || quota === undefined ? undefined : { used: usage, quota }
  },
  async documents(personId) {
    try {
      const databases = await indexedDB.databases()
      return databases.filter(({ name }) => isDocument(personId, name)).length
    } catch {
      return undefined // storage is forbidden, as in some private windows
    }
  },
  persisted: async () => await navigator.storage?.persisted?.(),
  persist: async () => (await navigator.storage?.persist?.()) ?? false,
  erase: eraseDocuments,
  save(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    URL.revokeObjectURL(url)
  },
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      return false // no permission, or not a secure context: the text stands in a field that can be selected
    }
  },
}
