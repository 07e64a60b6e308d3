import { For, Show, type JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Dialog } from '../kit/Dialog.tsx'
import { Kbd } from '../kit/Kbd.tsx'
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
      .map((group) => ({ group, list: unique(commands().filter((command) => command.group === group)) }))
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
      <div class="shortcuts">
        <For each={groups()}>
          {(entry) => (
            <section>
              <h2>{t(groupKeys[entry.group])}</h2>
              <dl>
                <For each={entry.list}>
                  {(command) => (
                    <div>
                      <dt>{command.title()}</dt>
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

function unique(list: readonly Command[]): Command[] {
  const seen = new Set<string>()
  return list.filter((command) => {
    if (command.keys === undefined || seen.has(command.id)) return false
    seen.add(command.id)
    return true
  })
}
