import { For, Show, type JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Dialog } from '../kit/Dialog.tsx'
import { Kbd } from '../kit/Kbd.tsx'
import { keyLabels } from '../kit/key-labels.ts'
import { commandGroups, commands, type Command } from './registry.ts'

const groupKeys = {
  task: 'commands.groupTask',
  tasks: 'commands.groupTasks',
  go: 'commands.groupGo',
  sync: 'commands.groupSync',
  app: 'commands.groupApp',
} as const

/** Every shortcut that the registry holds here, by group: nothing is listed that would not work. */
export default function ShortcutHelp(props: { onClose: () => void }): JSX.Element {
  const t = useText()
  const groups = () =>
    commandGroups
      .map((group) => ({ group, list: withKeys(commands().filter((command) => command.group === group)) }))
      .filter((entry) => entry.list.length > 0)
  return (
    <Dialog
      open
      onClose={props.onClose}
      size="wide"
      title={t('commands.helpTitle')}
      description={t('commands.helpHint')}
      closeLabel={t('shell.close')}
    >
      {/* Scrolls, so the keyboard must be able to stand in it. */}
      <div class="shortcuts" tabindex="0" role="group" aria-label={t('commands.helpTitle')}>
        <For each={groups()}>
          {(entry) => (
            <section>
              <h2>{t(groupKeys[entry.group])}</h2>
              <dl>
                <For each={entry.list}>
                  {(command) => (
                    <div>
                      <dt>{command.title}</dt>
                      <dd>
                        <For each={command.keys}>
                          {(keys, index) => (
                            <>
                              <Show when={index() > 0}>
                                <span class="faint f1">{t('commands.or')}</span>
                              </Show>
                              <Kbd keys={keys} />
                            </>
                          )}
                        </For>
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
    </Dialog>
  )
}

/** A command may stand twice, once for each screen; a key may be written twice, once for each case of its letter. */
function withKeys(list: readonly Command[]): { title: string; keys: string[] }[] {
  const lines = new Map<string, Map<string, string>>()
  for (const command of list) {
    if (command.keys === undefined) continue
    const keys = lines.get(command.title()) ?? new Map<string, string>()
    for (const press of command.keys) keys.set(keyLabels(press).join(' '), press)
    lines.set(command.title(), keys)
  }
  return [...lines].map(([title, keys]) => ({ title, keys: [...keys.values()] }))
}
