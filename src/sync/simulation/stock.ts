/** After something was destroyed: which edits are still somewhere, and which went with the last copy. */
import * as Y from 'yjs'
import { holds, nameOf, received, type Edit } from './edits.ts'
import type { World } from './world.ts'

export function takeStock(world: World, cause: 'crash' | 'wipe' | 'restore' | 'dropped' | 'rights'): void {
  world.looked('what was called safe outlives its tab')
  for (const edit of world.edits) {
    if (edit.gone !== null || isSomewhere(world, edit)) continue
    edit.gone = cause
    world.trace.note(`${nameOf(edit)} is gone by ${cause}`)
    const dropping = world
      .profiles()
      .some(({ name, dropping }) => name === edit.profile && dropping.has(edit.doc))
    // Sent, and its ground was what somebody only told and this page had not stored: docs/simulation.md says so.
    const waits = received(world.server.held(edit.doc), edit)
    if (cause === 'crash' && edit.claimed !== 'nothing' && !edit.shaken && !dropping && !waits)
      world.broken(
        'what was called safe outlives its tab',
        `${nameOf(edit)} was said to be on the ${edit.claimed}, and died with a tab`,
      )
  }
}

/** In the log, or with somebody who may write it there; or waiting there for ground that such a one has. */
function isSomewhere(world: World, edit: Edit): boolean {
  const log = world.server.held(edit.doc)
  if (holds(log, edit)) return true
  const waits = received(log, edit)
  const has = (doc: Y.Doc) => holds(doc, edit) || (waits && holds(together(log, doc), edit))
  return world.profiles().some((profile) => {
    // Whoever may not write any more gives nothing back, save what they are told is refused.
    const refusedTo = profile.name === edit.profile && edit.claimed !== 'server'
    if (!world.mayWrite(profile.person) && !refusedTo) return false
    if (has(profile.disk.held(edit.doc))) return true
    return [...profile.tabs].some(({ handles }) => {
      const handle = handles.get(edit.doc)
      return handle !== undefined && has(handle.doc)
    })
  })
}

function together(...docs: readonly Y.Doc[]): Y.Doc {
  const all = new Y.Doc()
  for (const doc of docs) Y.applyUpdate(all, Y.encodeStateAsUpdate(doc))
  return all
}

/** A person said that these are to be dropped, as far as the log does not have them. */
export function dropped(world: World, which: (edit: Edit) => boolean): void {
  for (const edit of world.edits) {
    if (edit.gone === null && which(edit) && !holds(world.server.held(edit.doc), edit)) edit.gone = 'dropped'
  }
  // Of somebody else, and the last copy.
  takeStock(world, 'dropped')
}
