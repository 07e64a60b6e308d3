/** What members say to each other directly, forged by one of them; losing and doubling it is for `messages.ts`. */
import * as Y from 'yjs'
import { meetingTopics } from '../../../domain/document-ids.ts'
import { encodeEditHint } from '../../direct/edit-hint.ts'
import { forge } from '../../testing/meeting-place.ts'
import { documents } from '../places.ts'
import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

function tell(world: World, doc: string, update: Uint8Array): void {
  forge(world.server.twin, meetingTopics(doc).edits, 'edit', encodeEditHint({ doc, update }))
}

function lie(name: string, make: (world: World, doc: string) => Uint8Array | null): Fault {
  return {
    name,
    weight: 2,
    strike(world) {
      const doc = world.random.pick(documents) ?? ''
      const update = make(world, doc)
      if (update) tell(world, doc, update)
      return update !== null
    },
  }
}

function textBy(client: number, text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  doc.getText('words').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

export const lies: readonly Fault[] = [
  lie('garbage told', ({ random }) => random.bytes(1 + random.below(40))),
  lie('an edit told half', ({ random, server }, doc) => {
    const update = Y.encodeStateAsUpdate(server.held(doc))
    return update.byteLength > 4 ? update.slice(0, random.below(update.byteLength)) : null
  }),
  // It is adopted when nobody confirms it: a member may write.
  lie('an edit told that nobody pushes', ({ random }) => textBy(random.below(2 ** 31), '[told]')),
  // Other content for what the log has of somebody: who lacks it there takes the lie for it.
  lie('an edit told in another name', ({ random, server }, doc) => {
    const clients = [...Y.decodeStateVector(Y.encodeStateVector(server.held(doc)))].sort(([a], [b]) => a - b)
    const [client, clock] = random.pick(clients) ?? []
    return client !== undefined && clock !== undefined ? textBy(client, 'x'.repeat(clock)) : null
  }),
]
