/** One tab: a page with the real engine on it, and the documents that a person has open there. */
import { makeSyncEngine } from '../engine.ts'
import * as leadingPart from '../leading-part.ts'
import type { ConnectivityEvent, SyncPorts } from '../ports.ts'
import type { DocumentHandle, SyncEngine } from '../sync-engine.ts'
import { makeLife, type Life } from './life.ts'
import { makePage, type PageWorld } from './page.ts'
import type { Way } from './way.ts'

export interface TabWorld extends PageWorld {
  /** The document was replaced, since what was unsent of it was dropped. */
  replaced(tab: string, documentId: string): void
  /** A deliberate breakage of the engine, put between it and its ports. */
  breakage(ports: SyncPorts): SyncPorts
}

export interface Tab {
  readonly name: string
  readonly version: number
  readonly life: Life
  readonly engine: SyncEngine
  readonly way: Way
  readonly handles: ReadonlyMap<string, DocumentHandle>
  visible: boolean
  open(documentId: string): DocumentHandle
  release(documentId: string): void
  tell(event: ConnectivityEvent): void
}

export function openTab(world: TabWorld, name: string, seed: number): Tab {
  const life = makeLife(world.clock, world.now, (line) => world.note(`${name} ${line}`))
  const page = makePage(world, name, life, seed)
  const handles = new Map<string, DocumentHandle>()
  const engine = makeSyncEngine(world.breakage(page.ports), {
    workspaceId: world.workspace,
    personId: world.person,
    loadLeading: () => leadingPart,
  })
  return {
    name,
    version: world.version,
    life,
    engine,
    way: page.way,
    handles,
    get visible() {
      return page.visible
    },
    set visible(next) {
      page.visible = next
    },
    open(id) {
      const found = handles.get(id)
      if (found) return found
      const handle = engine.open(id)
      handle.onReplaced(() => world.replaced(name, id))
      handles.set(id, handle)
      return handle
    },
    release(id) {
      handles.get(id)?.release()
      handles.delete(id)
    },
    tell: page.tell,
  }
}
