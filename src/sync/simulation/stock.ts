/** After something was destroyed: which edits are still somewhere, and which went with the last copy. */
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
    if (cause === 'crash' && edit.claimed !== 'nothing' && !edit.shaken && !dropping)
      world.broken(
        'what was called safe outlives its tab',
        `${nameOf(edit)} was said to be on the ${edit.claimed}, and died with a tab`,
      )
  }
}

/** In the log, be it waiting there for its ground, or with somebody who may write it there. */
function isSomewhere(world: World, edit: Edit): boolean {
  if (received(world.server.held(edit.doc), edit)) return true
  return world.profiles().some((profile) => {
    // Whoever may not write any more gives nothing back, save what they are told is refused.
    const refusedTo = profile.name === edit.profile && edit.claimed !== 'server'
    if (!world.mayWrite(profile.person) && !refusedTo) return false
    if (holds(profile.disk.held(edit.doc), edit)) return true
    return [...profile.tabs].some(({ handles }) => {
      const handle = handles.get(edit.doc)
      return handle !== undefined && holds(handle.doc, edit)
    })
  })
}

/** A person said that these are to be dropped, as far as the log does not have them. */
export function dropped(world: World, which: (edit: Edit) => boolean): void {
  for (const edit of world.edits) {
    if (edit.gone === null && which(edit) && !holds(world.server.held(edit.doc), edit)) edit.gone = 'dropped'
  }
  // Of somebody else, and the last copy.
  takeStock(world, 'dropped')
}
