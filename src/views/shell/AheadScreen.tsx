import type { JSX } from 'solid-js'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { A } from '@solidjs/router'
import { roomPath, type Room } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { EmptyState } from '../kit/EmptyState.tsx'
import { Icon } from '../kit/Icon.tsx'
import { createTitle } from './title.ts'

/** A room that is not built yet says what will be there, and where there is work today. */
export default function AheadScreen(props: { room: Exclude<Room, 'tasks'> }): JSX.Element {
  const t = useText()
  const workspace = useWorkspace()
  createTitle(() => t(`shell.${props.room}`))
  return (
    <section class="pane" aria-label={t(`shell.${props.room}`)}>
      <header class="bar">
        <h1>{t(`shell.${props.room}`)}</h1>
      </header>
      <div class="fill">
        <EmptyState
          scene="ahead"
          title={t(`shell.${props.room}AheadTitle`)}
          action={
            <A class="btn" href={roomPath(workspace.workspace, 'tasks')}>
              <Icon name="tasks" />
              {t('shell.openTasks')}
            </A>
          }
        >
          {t(`shell.${props.room}Ahead`)}
        </EmptyState>
      </div>
    </section>
  )
}
