import { createEffect, onCleanup } from 'solid-js'
import { createUploadPolicy, uploadChoices } from '../stores/attachments/upload-choices.ts'
import { createWorkspaceFiles, type WorkspaceFiles } from '../stores/attachments/workspace-files.ts'
import { storageKey } from '../stores/remembered.ts'
import type { FilePorts } from '../sync/attachments/file-ports.ts'
import { makeSubject } from '../sync/observable.ts'
import type { SyncEngine } from '../sync/sync-engine.ts'
import { firstPaint } from './first-paint.ts'

type SharedPorts = Pick<FilePorts, 'clock' | 'random' | 'locks' | 'connectivity'>

/** The files of an open workspace: their engine is a script of its own, loaded after the first paint. */
export function openFiles(
  shared: SharedPorts,
  engine: Pick<SyncEngine, 'open' | 'connection' | 'state'>,
  personId: string,
  workspaceId: string,
): WorkspaceFiles {
  const wanted = createUploadPolicy()
  const policy = makeSubject(wanted())
  createEffect(() => policy.set(wanted()))
  hearOtherTabs()
  let end = () => {}
  let ended = false
  onCleanup(() => {
    ended = true
    end()
  })
  return createWorkspaceFiles({
    async load() {
      await firstPaint
      const { startFiles } = await import('./files-engine.ts')
      if (ended) throw new Error('The workspace was left before its files were there.')
      const files = startFiles({ ...shared, policy }, engine, personId, workspaceId)
      end = () => void files.stop()
      return files
    },
    async prepare(file, size) {
      const { prepareFile } = await import('./prepare-file.ts')
      return prepareFile(file, size)
    },
  })
}

/** The tab that sends may be another than the one in which it was paused. */
function hearOtherTabs(): void {
  const stop = new AbortController()
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === storageKey('files.paused')) uploadChoices.setPaused(newValue === 'true')
    if (key === storageKey('files.wifiOnly')) uploadChoices.setWifiOnly(newValue === 'true')
  }
  addEventListener('storage', hear, { signal: stop.signal })
  onCleanup(() => stop.abort())
}
