/**
 * Dropping what is unsent of a document, in all tabs and on the device. [S11] The leader reads it from the server,
 * and asks the tabs that have it open to write nothing of it to the device; when they say that nothing is being
 * written, it empties the stored document, writes what it read, and tells them, who take the same copy. So no write
 * that was under way lands behind the emptying and brings back what was dropped. Each copy has its generation: what
 * is said of an older one is not heard, and who slept meanwhile finds the newer one on the device.
 */
import { copyOfSibling, readFreshCopy } from './fresh-copy.ts'
import type { OpenDocuments } from './open-documents.ts'
import type { SyncPorts } from './ports.ts'
import type { SyncedDocument } from './document-contract.ts'
import type { DocumentWord } from './tab-messages.ts'
import type { TabRoom } from './tab-room.ts'

const PAUSE_WITHIN = 2_000
// Longer than a leader may take for all of it.
const LONGEST_PAUSE = 15_000

export interface DocumentReplacing {
  /** Rejects, with nothing dropped, when the server cannot be read. */
  drop(document: SyncedDocument, may?: () => boolean): Promise<void>
  /** A tab has an older copy of it. */
  tell(document: SyncedDocument): void
  hear(word: DocumentWord, document: SyncedDocument, from: string): void
  /** Another tab leads: whatever the former one was about to do, it does no more. */
  resume(): void
}

export function makeDocumentReplacing(
  ports: Pick<SyncPorts, 'clock' | 'random' | 'server'>,
  room: TabRoom,
  documents: OpenDocuments,
  /** The other tabs that have it open. */
  tabsWith: (documentId: string) => readonly string[],
): DocumentReplacing {
  const { clock, random } = ports
  const paused = new Map<SyncedDocument, () => void>()
  const pausing = new Map<string, (tab: string) => void>()

  const othersPause = (doc: string, generation: number) =>
    new Promise<void>((resolve) => {
      const awaited = new Set(tabsWith(doc))
      const done = () => {
        cancel()
        pausing.delete(doc)
        resolve()
      }
      const cancel = clock.after(PAUSE_WITHIN, done)
      pausing.set(doc, (tab) => awaited.delete(tab) && awaited.size === 0 && done())
      room.say({ kind: 'replacing', doc, generation })
      if (awaited.size === 0) done()
    })

  const pause = async (document: SyncedDocument, generation: number, to: string) => {
    paused.get(document)?.()
    paused.set(
      document,
      clock.after(LONGEST_PAUSE, () => resumeOne(document)),
    )
    await document.writer.pause()
    room.say({ kind: 'paused', doc: document.id, generation, to })
  }

  const resumeOne = (document: SyncedDocument) => {
    const cancel = paused.get(document)
    if (!cancel) return
    cancel()
    paused.delete(document)
    document.writer.resume()
  }

  const self: DocumentReplacing = {
    async drop(document, may = () => true) {
      const { id } = document
      const generation = document.generation + 1
      const copy = await readFreshCopy(id, ports)
      await othersPause(id, generation)
      // They go on by themselves after a while.
      if (!may()) return
      await document.replace(copy, generation)
      self.tell(document)
    },
    tell({ id, encodeReal, generation, position }) {
      const state = encodeReal()
      room.say({ kind: 'replaced', doc: id, generation, state, sync: position.record() })
    },
    hear(word, document, from) {
      const newer = word.generation > document.generation
      if (word.kind === 'replacing' && newer) void pause(document, word.generation, from)
      if (word.kind === 'paused' && word.to === room.tab) pausing.get(word.doc)?.(from)
      if (word.kind !== 'replaced') return
      if (newer) {
        const copy = copyOfSibling(word.doc, word.state, word.sync, random)
        // Whoever leads sees to it that it is what the device holds.
        void document.replace(copy, word.generation, true).then(document.writer.reread)
      }
      resumeOne(document)
    },
    resume() {
      for (const document of documents.all()) resumeOne(document)
    },
  }
  return self
}
