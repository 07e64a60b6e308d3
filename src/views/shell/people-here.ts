import { createMemo, type Accessor } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'

export interface NamedPerson {
  readonly id: string
  readonly name: string
  readonly away: boolean
}

/** People as the directory names them; whoever it does not know is nobody, whatever they say of themselves. */
export function useNamed(): <P extends { readonly id: string }>(
  people: readonly P[],
) => readonly (P & { readonly name: string })[] {
  const workspace = useWorkspace()
  return (people) =>
    people.flatMap((one) => {
      const name = workspace.members.byId[one.id]?.display_name
      return name ? [{ ...one, name }] : []
    })
}

/** Everybody else who is here: first those who look, each by name. */
export function createPeopleHere(): Accessor<readonly NamedPerson[]> {
  const { presence } = useWorkspace()
  const named = useNamed()
  return createMemo(() => {
    const others = presence.others()
    return others.length === 0 ? [] : named(others).toSorted(byAttention)
  })
}

function byAttention(one: NamedPerson, other: NamedPerson): number {
  return Number(one.away) - Number(other.away) || one.name.localeCompare(other.name)
}
