import { type Accessor, createMemo, createSignal } from 'solid-js'
import { fold } from '../../domain/tasks/date-words.ts'
import {
  type Completion,
  complete,
  completionAt,
  completionsOf,
} from '../../domain/tasks/quick-add-completion.ts'
import type { Named } from '../../domain/tasks/quick-add.ts'

export interface CompletionOption extends Named {
  readonly kind: Completion['kind']
  /** a label that does not exist yet */
  readonly fresh: boolean
}

const AT_MOST = 6

/** The choice that opens while a # or @ is being typed. */
export function createCompletions(source: {
  line: Accessor<string>
  labels: Accessor<readonly Named[]>
  members: Accessor<readonly Named[]>
}): {
  readonly options: Accessor<readonly CompletionOption[]>
  readonly active: Accessor<number>
  follow(caret: number): void
  step(by: 1 | -1): void
  close(): void
  accept(index: number): { line: string; caret: number } | null
} {
  const [completion, setCompletion] = createSignal<Completion | null>(null)
  const [active, setActive] = createSignal(0)
  const options = createMemo((): readonly CompletionOption[] => {
    const at = completion()
    if (!at) return []
    const all = at.kind === 'label' ? source.labels() : source.members()
    const known = completionsOf(at.query, all)
      .slice(0, AT_MOST)
      .map((one) => ({ ...one, kind: at.kind, fresh: false }))
    const exact = all.some((one) => fold(one.name) === fold(at.query))
    const fresh = at.kind === 'label' && at.query !== '' && !exact && !/^\d+$/.test(at.query)
    return fresh ? [...known, { id: '', name: at.query, kind: at.kind, fresh: true }] : known
  })
  return {
    options,
    active,
    follow(caret) {
      setCompletion(completionAt(source.line(), caret))
      setActive(0)
    },
    step(by) {
      const count = options().length
      setActive((now) => (now + by + count) % count)
    },
    close: () => setCompletion(null),
    accept(index) {
      const at = completion()
      const option = options()[index]
      return at && option ? complete(source.line(), at, option.name) : null
    },
  }
}
