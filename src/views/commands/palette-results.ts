import { fuzzyMatch } from './fuzzy-match.ts'
import { commandGroups, type Command, type CommandGroup, type Found } from './registry.ts'

export type ResultGroup = 'recent' | 'found' | CommandGroup
interface Result {
  readonly command: Pick<Command, 'id' | 'icon' | 'keys' | 'run'>
  readonly title: string
  readonly ranges: readonly (readonly [start: number, end: number])[]
}
export interface ResultSection {
  readonly group: ResultGroup
  readonly results: readonly Result[]
}

const RECENT = 4

/** Without a query: what was used lately, then everything by group. With one: the best group first, and after what
 *  can be done, what was found. */
export function paletteSections(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
  found: readonly Found[] = [],
): ResultSection[] {
  if (query.trim() === '') return browse(commands, recent)
  const results = found.map((one) => ({
    command: one,
    title: one.title,
    ranges: fuzzyMatch(query, one.title)?.ranges ?? [],
  }))
  const sections = find(commands, query)
  return results.length > 0 ? [...sections, { group: 'found', results }] : sections
}

function browse(commands: readonly Command[], recent: readonly string[]): ResultSection[] {
  const as = (command: Command): Result => ({ command, title: command.title(), ranges: [] })
  const used = recent
    .map((id) => commands.find((command) => command.id === id))
    .filter((command) => command !== undefined)
    .slice(0, RECENT)
  const rest = commands.filter((command) => !used.includes(command))
  return [
    { group: 'recent' as const, results: used.map(as) },
    ...commandGroups.map((group) => ({
      group,
      results: rest.filter((command) => command.group === group).map(as),
    })),
  ].filter((section) => section.results.length > 0)
}

function find(commands: readonly Command[], query: string): ResultSection[] {
  const hits = commands
    .map((command) => {
      const title = command.title()
      const inTitle = fuzzyMatch(query, title)
      const inWords = command.keywords === undefined ? null : fuzzyMatch(query, command.keywords())
      // A word beside the title finds the command, but never before one that carries it in its name.
      const score = Math.max(inTitle?.score ?? -Infinity, (inWords?.score ?? -Infinity) - 5)
      return { command, title, ranges: inTitle?.ranges ?? [], score }
    })
    .filter((hit) => hit.score > -Infinity)
    .sort((a, b) => b.score - a.score)
  const order = [...new Set(hits.map((hit) => hit.command.group))]
  return order.map((group) => ({
    group,
    results: hits
      .filter((hit) => hit.command.group === group)
      .map(({ command, title, ranges }) => ({ command, title, ranges })),
  }))
}
