import { type JSX, createSignal, onCleanup, onMount } from 'solid-js'
import { type TextChange, changeBetween, positionAfter } from '../../domain/tasks/text-change.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Carets } from './Carets.tsx'
import { useTasksScreen } from './screen-state.ts'
import type { NamedVisitor } from './TaskVisitors.tsx'

/** A plain text that several people may write at once. The field shows the shared text; what is typed goes there as
 *  the smallest change, and another's change moves the caret only as far as the words before it moved. While letters
 *  are being composed (accents, Japanese) the field is left alone and catches up afterwards. */
export function DescriptionEditor(props: {
  id: string
  readOnly: boolean
  visitors: readonly NamedVisitor[]
}): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const { presence } = useWorkspace()
  // Mounted anew for each task, so its id does not change.
  const description = screen.store.description(props.id)
  let area: HTMLTextAreaElement | undefined
  let shown = description.text()
  const [words, setWords] = createSignal(shown)
  let composing = false
  let missed: TextChange[] = []

  const fit = () => {
    if (!area || CSS.supports('field-sizing', 'content')) return
    area.style.blockSize = 'auto'
    area.style.blockSize = `${area.scrollHeight}px`
  }
  const display = (text: string, start: number, end: number) => {
    if (!area) return
    const { scrollTop, selectionDirection } = area
    shown = text
    if (area.value !== text) area.value = text
    if (document.activeElement === area) area.setSelectionRange(start, end, selectionDirection)
    area.scrollTop = scrollTop
    setWords(text)
    fit()
  }
  const difference = (): TextChange[] => {
    const change = changeBetween(shown, description.text(), area?.selectionStart ?? 0)
    return change ? [change] : []
  }
  const receive = (told: readonly TextChange[] | 'replaced') => {
    if (!area) return
    const changes = told === 'replaced' ? difference() : told
    if (composing) {
      missed.push(...changes)
      return
    }
    display(
      description.text(),
      changes.reduce(positionAfter, area.selectionStart),
      changes.reduce(positionAfter, area.selectionEnd),
    )
  }
  const send = () => {
    if (!area) return
    const change = changeBetween(shown, area.value, area.selectionStart)
    if (change) {
      const index = missed.reduce(positionAfter, change.index)
      const end = missed.reduce(positionAfter, change.index + change.remove)
      shown = area.value
      description.apply({ index, remove: end - index, insert: change.insert })
      if (missed.length > 0)
        display(description.text(), index + change.insert.length, index + change.insert.length)
    } else if (missed.length > 0) {
      display(description.text(), area.selectionStart, area.selectionEnd)
    }
    missed = []
    setWords(description.text())
    fit()
  }
  const travel = (event: Event, kind: 'undo' | 'redo') => {
    // The field's own undo would also take back what others wrote into it.
    event.preventDefault()
    if (kind === 'undo') description.undo()
    else description.redo()
  }

  const point = () => {
    if (area && document.activeElement === area) presence.point(description.caretAt(area.selectionEnd))
  }
  document.addEventListener('selectionchange', point)
  onCleanup(() => document.removeEventListener('selectionchange', point))
  onCleanup(description.onChange(receive))
  onMount(() => {
    if (area) area.value = shown
    fit()
  })
  return (
    <div class="doc-field">
      <textarea
        ref={(element) => (area = element)}
        class="doc"
        rows={3}
        aria-label={t('tasks.description')}
        placeholder={t('tasks.descriptionHint')}
        readOnly={props.readOnly}
        onBeforeInput={(event) => {
          if (event.inputType === 'historyUndo') travel(event, 'undo')
          if (event.inputType === 'historyRedo') travel(event, 'redo')
        }}
        onInput={() => {
          presence.type()
          if (!composing) send()
        }}
        onBlur={() => presence.point(null)}
        onCompositionStart={() => (composing = true)}
        onCompositionEnd={() => {
          composing = false
          send()
        }}
        onKeyDown={(event) => {
          const mod = event.metaKey || event.ctrlKey
          if (mod && event.key.toLowerCase() === 'z') travel(event, event.shiftKey ? 'redo' : 'undo')
          if (mod && event.key.toLowerCase() === 'y') travel(event, 'redo')
          if (event.key === 'Escape') {
            event.stopPropagation()
            area?.blur()
          }
        }}
      />
      <Carets text={words()} description={description} visitors={props.visitors} />
    </div>
  )
}
