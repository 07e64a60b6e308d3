import { A } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Icon } from '../kit/Icon.tsx'

/** One page of the settings: its bar, and the body below. */
export function SettingsPage(props: {
  title: string
  actions?: JSX.Element
  children: JSX.Element
}): JSX.Element {
  const t = useText()
  const workspace = useWorkspace()
  return (
    <section class="pane" aria-label={props.title}>
      <header class="bar">
        <A
          class="ib back mob"
          href={roomPath(workspace.workspace, 'settings')}
          aria-label={t('shell.back')}
          end
        >
          <Icon name="arrowleft" />
        </A>
        <h1>{props.title}</h1>
        <span class="grow" />
        {props.actions}
      </header>
      <div class="scroll body">{props.children}</div>
    </section>
  )
}
