import { Dialog } from '@kobalte/core/dialog'
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { createRemembered } from '../../stores/remembered.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'
import { Kbd } from '../kit/Kbd.tsx'
import { Marked } from './Marked.tsx'
import { paletteSections, type ResultGroup, type ResultSection } from './palette-results.ts'
import { commands, findEverywhere, isReady } from './registry.ts'

const groupKeys = {
  recent: 'commands.recent',
  task: 'commands.groupTask',
  tasks: 'commands.groupTasks',
  found: 'commands.groupFound',
  go: 'commands.groupGo',
  sync: 'commands.groupSync',
  app: 'commands.groupApp',
} as const satisfies Record<ResultGroup, string>

const KEPT = 8
const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

/** A combobox over the registry: the focus never leaves the input, the list follows the arrows. */
export default function Palette(props: { onClose: () => void; onHelp: () => void }): JSX.Element {
  const t = useText()
  const [recent, setRecent] = createRemembered<string[]>('recent-commands', [], isTextList)
  const [query, setQuery] = createSignal('')
  const [active, setActive] = createSignal(0)
  // What may be done is decided by where the person was, not by the palette that now has the focus.
  const ready = commands().filter((command) => isReady(command) && command.id !== 'app.palette')
  const opener = document.activeElement

  const sections = createMemo(() => paletteSections(ready, query(), recent(), findEverywhere(query())))
  const flat = createMemo(() => sections().flatMap((section) => section.results))
  const activeId = () => flat()[active()]?.command.id

  const run = (command: ResultSection['results'][number]['command']) => {
    if (ready.some(({ id }) => id === command.id))
      setRecent([command.id, ...recent().filter((id) => id !== command.id)].slice(0, KEPT))
    props.onClose()
    // After the dialog has given the focus back, so that the command may place it anew.
    queueMicrotask(() => command.run())
  }
  const move = (step: number) => {
    const count = flat().length
    if (count === 0) return
    setActive((active() + step + count) % count)
    document.getElementById(`palette-${activeId()}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const result = flat()[active()]
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && !event.isComposing && result !== undefined) run(result.command)
    else if (event.key === '?' && query() === '') props.onHelp()
    else return
    event.preventDefault()
  }

  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="scrim" />
        <div class="stage" data-at="top">
          <Dialog.Content
            class="palette"
            aria-label={t('commands.palette')}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
            }}
          >
            <div class="ask">
              <Icon name="search" />
              <input
                type="text"
                role="combobox"
                aria-label={t('commands.palette')}
                aria-expanded={flat().length > 0}
                aria-controls="palette-list"
                aria-activedescendant={activeId() === undefined ? undefined : `palette-${activeId()}`}
                aria-autocomplete="list"
                autocomplete="off"
                autocapitalize="off"
                spellcheck={false}
                enterkeyhint="go"
                placeholder={t('commands.placeholder')}
                value={query()}
                onInput={(event) => {
                  setQuery(event.currentTarget.value)
                  setActive(0)
                }}
                onKeyDown={onKeyDown}
              />
            </div>
            <div
              class="menu"
              id="palette-list"
              role={flat().length > 0 ? 'listbox' : undefined}
              aria-label={flat().length > 0 ? t('commands.palette') : undefined}
            >
              <For each={sections()}>
                {(section) => (
                  <div role="group" aria-label={t(groupKeys[section.group])}>
                    <h3 aria-hidden="true">{t(groupKeys[section.group])}</h3>
                    <For each={section.results}>
                      {(result) => (
                        <div
                          id={`palette-${result.command.id}`}
                          role="option"
                          aria-selected={activeId() === result.command.id}
                          data-active={activeId() === result.command.id ? '' : undefined}
                          onPointerMove={() => setActive(flat().indexOf(result))}
                          onClick={() => run(result.command)}
                        >
                          <Icon name={result.command.icon ?? 'zap'} />
                          <span class="clip">
                            <Marked text={result.title} ranges={result.ranges} />
                          </span>
                          <Show when={result.command.keys?.[0]}>
                            {(keys) => (
                              <span class="end keys">
                                <Kbd keys={keys()} />
                              </span>
                            )}
                          </Show>
                        </div>
                      )}
                    </For>
                  </div>
                )}
              </For>
              <Show when={flat().length === 0}>
                <p class="none soft">{t('commands.noResult', query())}</p>
              </Show>
            </div>
            <div class="sr" role="status">
              {t('commands.results', flat().length)}
            </div>
            <div class="foot">
              <span class="keys">
                <kbd>↑</kbd>
                <kbd>↓</kbd>
                {t('commands.move')}
              </span>
              <span class="keys">
                <kbd>↵</kbd>
                {t('commands.run')}
              </span>
              <span class="keys">
                <kbd>?</kbd>
                {t('commands.allShortcuts')}
              </span>
              <span class="grow" />
              <span>
                <Icon name="device" size={14} />
                {t('commands.onThisDevice')}
              </span>
            </div>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  )
}
