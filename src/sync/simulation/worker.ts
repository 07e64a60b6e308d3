/** The service worker that sends what closed tabs left: another page without a window, which may die as well. */
import { flushUnsent } from '../flush-unsent.ts'
import { makeLife, type Life } from './life.ts'
import { makePage, type PageWorld } from './page.ts'

export function wakeWorker(world: PageWorld, name: string, seed: number): Life {
  const note = (line: string) => world.note(`${name} ${line}`)
  const life = makeLife(world.clock, world.now, note)
  const { ports } = makePage(world, name, life, seed)
  flushUnsent({ clock: life.clock, storage: ports.storage }, () => ports)
    .then(
      () => note('has sent'),
      (error: unknown) => note(`waits: ${error instanceof Error ? error.name : String(error)}`),
    )
    .finally(life.end)
  return life
}
