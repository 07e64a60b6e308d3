import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { labels } from '../domain/collections/labels.ts'
import { members } from '../domain/collections/members.ts'
import { directoryDocument, inboxDocument } from '../domain/document-ids.ts'
import { dropFile, fileOfChange, withFiles } from '../stores/attachments/pending-files.ts'
import { createCollectionStore } from '../stores/collection-store.ts'
import { groupPending } from '../stores/pending-groups.ts'
import { createWorkspacePresence } from '../stores/presence.ts'
import { recall, remember } from '../stores/remembered.ts'
import { notePendingOnDevice } from '../stores/session/pending-on-device.ts'
import type { Session, Workspace } from '../stores/session/session.ts'
import { createSyncSignals } from '../stores/sync-signals.ts'
import type { OpenWorkspace } from '../stores/workspace-context.ts'
import { makeSyncEngine } from '../sync/engine.ts'
import { makeBrowserPorts } from '../sync/browser/browser-ports.ts'
import { flushInBackground } from './background-flush.ts'
import { introduceMyself } from './introduce-myself.ts'
import { keepDocuments } from './keep-documents.ts'
import { loadLeading } from './load-leading.ts'
import { openFiles } from './workspace-files.ts'
import { live, logOf, meetings, sessionOf } from './server-ports.ts'

const isInstant = (value: unknown): value is number => typeof value === 'number'

/** Starts the engine of one workspace from what this device holds; the server comes in when it can. */
export function openWorkspace(session: Session, workspace: Workspace): OpenWorkspace {
  const person = session.person()
  if (person === undefined) throw new Error('A workspace opens for a person, and nobody is at this device.')
  const ports = makeBrowserPorts(person.id, workspace.id)
  const engine = makeSyncEngine(
    {
      ...ports,
      server: logOf(person.id),
      live,
      meetings,
      session: sessionOf(person.id),
      // The engine keeps a book, which Settings shows; a console would keep nothing.
      log: () => undefined,
    },
    { workspaceId: workspace.id, personId: person.id, loadLeading },
  )
  onCleanup(() => void engine.stop())

  const open = (documentId: string) => {
    const handle = engine.open(documentId)
    onCleanup(() => handle.release())
    return handle
  }
  onCleanup(keepDocuments(engine, workspace.id, open(inboxDocument(workspace.id))))
  onCleanup(flushInBackground(engine))
  const signals = createSyncSignals(engine)
  const files = openFiles(ports, engine, person.id, workspace.id)
  const state = createMemo(() => withFiles(signals.state(), files.unsent()))
  const [log, setLog] = createSignal(engine.log.get())
  onCleanup(engine.log.subscribe((lines) => setLog(() => lines)))

  const directory = open(directoryDocument(workspace.id))
  const memberStore = createCollectionStore(directory, members)
  const labelStore = createCollectionStore(directory, labels)

  // The engine knows when it last synced since it started; a person means: ever, on this device.
  const syncedKey = `synced.${person.id}.${workspace.id}`
  const noted = recall(syncedKey, isInstant) ?? null
  // A browser may drop documents and keep the note: what is not here was never synced here.
  const before = () => (memberStore.loaded() && directory.isEmptyLocally() ? null : noted)
  const sync = () => {
    const now = state()
    return now.lastSyncedAt === null ? { ...now, lastSyncedAt: before() } : now
  }
  createEffect(() => {
    const at = signals.state().lastSyncedAt
    if (at !== null) remember(syncedKey, at)
  })
  createEffect(() => {
    if (memberStore.loaded())
      notePendingOnDevice(person.id, workspace.id, groupPending(sync().pending).length)
  })

  introduceMyself(directory, memberStore, {
    id: person.id,
    name: () => session.person()?.name ?? person.name,
    role: () => session.find(workspace.id)?.role ?? workspace.role,
  })

  return {
    get person() {
      return session.person() ?? person
    },
    get workspace() {
      return session.find(workspace.id) ?? workspace
    },
    connection: signals.connection,
    sync,
    log,
    pendingOf: signals.pendingOf,
    members: memberStore,
    labels: labelStore,
    directory,
    presence: createWorkspacePresence(engine.presence, person.id),
    openDocument: open,
    syncNow: () => engine.syncNow(),
    files,
    retry(changeId) {
      const file = fileOfChange(changeId)
      if (file === null) engine.retry(changeId)
      else files.retry(file)
    },
    async discard(changeId) {
      const file = fileOfChange(changeId)
      if (file === null) return engine.discard(changeId)
      const unsent = files.unsent().find(({ sha256 }) => sha256 === file)
      if (unsent) dropFile(engine.open, unsent, Date.now())
    },
  }
}
