/**
 * What no tab needs in order to show its documents and take edits of them: leading, those who are here, and
 * what they tell directly. A page
 * loads it as a script of its own after the first paint, and every tab does, so that a handover waits for no network.
 */
export { makeHearsay } from './direct/hearsay.ts'
export { makeLeading } from './leading.ts'
export { makeNearby } from './nearby.ts'
