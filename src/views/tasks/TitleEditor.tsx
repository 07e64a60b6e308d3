import { type JSX, createEffect, onCleanup } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { useTasksScreen } from './screen-state.ts'
import { useTaskActions } from './task-actions.ts'

/** The title, written when the field is left, with Enter, or when the page goes away. While it is being edited
 *  nobody else's change replaces the words under the caret. */
export function TitleEditor(props: { id: string; readOnly: boolean }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const actions = useTaskActions()
  const { presence } = useWorkspace()
  const title = () => screen.store.byId[props.id]?.title ?? ''
  let field: HTMLTextAreaElement | undefined
  let begun: string | null = null

  const fit = () => {
    if (!field || CSS.supports('field-sizing', 'content')) return
    field.style.blockSize = 'auto'
    field.style.blockSize = `${field.scrollHeight}px`
  }
  const commit = () => {
    if (!field || begun === null) return
    const text = field.value.replaceAll(/\s+/g, ' ').trim().slice(0, 500)
    const before = begun
    begun = document.activeElement === field ? text : null
    if (text === '' || text === before) {
      if (begun === null) field.value = title()
      return
    }
    actions.act(() => screen.store.commands.set([props.id], { title: text }))
  }
  createEffect(() => {
    const now = title()
    if (field && begun === null) {
      field.value = now
      fit()
    }
  })
  const leave = () => {
    if (document.visibilityState === 'hidden') commit()
  }
  document.addEventListener('visibilitychange', leave)
  onCleanup(() => {
    document.removeEventListener('visibilitychange', leave)
    commit()
  })
  return (
    <textarea
      ref={(element) => (field = element)}
      class="title-edit"
      rows={1}
      aria-label={t('tasks.taskTitle')}
      enterkeyhint="done"
      readOnly={props.readOnly}
      onFocus={() => (begun = title())}
      onBlur={commit}
      onInput={() => {
        presence.type()
        fit()
      }}
      onKeyDown={(event) => {
        if (event.isComposing) return
        if (event.key === 'Escape' && field) {
          field.value = begun ?? title()
          event.stopPropagation()
          field.blur()
        }
        if (event.key !== 'Enter') return
        event.preventDefault()
        field?.blur()
      }}
    />
  )
}
