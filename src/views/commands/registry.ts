import { createMemo, createRoot, createSignal, onCleanup, type Accessor } from 'solid-js'
import type { IconName } from '../kit/icon-names.ts'

/** The order is the order in the palette and in the help. */
export const commandGroups = ['task', 'tasks', 'go', 'sync', 'app'] as const
export type CommandGroup = (typeof commandGroups)[number]

export interface Command {
  readonly id: string
  readonly title: () => string
  readonly group: CommandGroup
  readonly icon?: IconName
  /** tinykeys syntax, each an alternative: `$mod+K`, `g t`, `Shift+?`. */
  readonly keys?: readonly string[]
  /** Asked when the palette opens and when a key falls; absent means always. */
  readonly when?: () => boolean
  /** More words under which the palette finds it. */
  readonly keywords?: () => string
  run(): void
}

type Source = () => readonly Command[]

const [sources, setSources] = createSignal<readonly Source[]>([])
const all = createRoot(() => createMemo(() => sources().flatMap((source) => source())))

/** A screen brings its commands and takes them away with itself. The newest holder of a key wins it. */
export function registerCommands(source: Source): void {
  setSources((now) => [source, ...now])
  onCleanup(() => setSources((now) => now.filter((other) => other !== source)))
}

/** Something that is not a command and opens when it is chosen: a task, by its title. */
export interface Found extends Pick<Command, 'id' | 'icon' | 'run'> {
  readonly title: string
}
type Finder = (query: string) => readonly Found[]

const [finders, setFinders] = createSignal<readonly Finder[]>([])

/** The palette asks it with every query; it answers with its best few, best first. */
export function registerFinder(finder: Finder): void {
  setFinders((now) => [...now, finder])
  onCleanup(() => setFinders((now) => now.filter((other) => other !== finder)))
}

export function findEverywhere(query: string): readonly Found[] {
  return query.trim() === '' ? [] : finders().flatMap((find) => find(query))
}

/** Every command that stands now, whether or not its moment is right; newest source first. */
export const commands: Accessor<readonly Command[]> = all

export function isReady(command: Command): boolean {
  return command.when?.() ?? true
}
