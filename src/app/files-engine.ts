import { makeBrowserFilePorts } from '../sync/browser/file-ports.ts'
import { FileServerError, type FilePorts, type FileServer } from '../sync/attachments/file-ports.ts'
import { makeFiles, type Files } from '../sync/attachments/files.ts'
import type { SyncEngine } from '../sync/sync-engine.ts'
import { loadServer } from './cloud.ts'

type GivenPorts = Pick<FilePorts, 'clock' | 'random' | 'locks' | 'connectivity' | 'policy'>

export function startFiles(
  given: GivenPorts,
  engine: Pick<SyncEngine, 'open' | 'connection' | 'state'>,
  personId: string,
  workspaceId: string,
): Files {
  const ports = {
    ...given,
    ...makeBrowserFilePorts(personId, workspaceId),
    server: serverOf(personId, given.clock),
  }
  return makeFiles(ports, engine, workspaceId)
}

/** Before supabase-js is there a question waits for it; a script that does not come is a network that is away. */
function serverOf(personId: string, clock: FilePorts['clock']): FileServer {
  const loaded = async () => {
    try {
      return (await loadServer()).filesOf(personId, clock)
    } catch (error) {
      throw new FileServerError('unreachable', error instanceof Error ? error.message : String(error))
    }
  }
  return {
    sizes: async (...given) => (await loaded()).sizes(...given),
    begin: async (...given) => (await loaded()).begin(...given),
    offset: async (...given) => (await loaded()).offset(...given),
    append: async (...given) => (await loaded()).append(...given),
    download: async (...given) => (await loaded()).download(...given),
  }
}
