import { A, useLocation, useNavigate, type RouteSectionProps } from '@solidjs/router'
import { createEffect, For, Show, Suspense, type JSX } from 'solid-js'
import { createRemembered } from '../../stores/remembered.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { roomPath, settingsPages, settingsPath } from '../addresses.ts'
import { useText } from '../i18n/language.ts'
import { Handle } from '../kit/Handle.tsx'
import { Icon } from '../kit/Icon.tsx'
import type { IconName } from '../kit/icon-names.ts'
import { narrow } from '../shell/narrow.ts'
import { createTitle } from '../shell/title.ts'
import './settings.css'

const icons = {
  profile: 'user',
  appearance: 'sun',
  sync: 'waves',
  members: 'users',
  about: 'eye',
} as const satisfies Record<(typeof settingsPages)[number], IconName>

const MENU = { min: 176, usual: 216, max: 320 }

/** Menu and page; on the phone one of them at a time. */
export default function SettingsScreen(props: RouteSectionProps): JSX.Element {
  const t = useText()
  const location = useLocation()
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const [width, setWidth] = createRemembered(
    'settings-menu-width',
    MENU.usual,
    (value): value is number => typeof value === 'number' && value >= MENU.min && value <= MENU.max,
  )
  const page = () => settingsPages.find((name) => location.pathname.endsWith(`/settings/${name}`))
  createTitle(() => (page() === undefined ? t('settings.title') : t(`settings.${page() ?? 'about'}`)))
  // A wide window always shows a page beside the menu.
  createEffect(() => {
    if (
      page() === undefined &&
      !narrow() &&
      location.pathname === roomPath(workspace.workspace, 'settings')
    ) {
      navigate(settingsPath(workspace.workspace, 'profile'), { replace: true })
    }
  })
  return (
    <div class="settings" data-page={page()} style={{ '--menu': `${width()}px` }}>
      <aside class="pane" aria-label={t('settings.menu')}>
        <header class="bar">
          <Show when={page() === undefined} fallback={<h2 class="title f4">{t('settings.title')}</h2>}>
            <h1>{t('settings.title')}</h1>
          </Show>
        </header>
        <nav class="nav" aria-label={t('settings.menu')}>
          <For each={settingsPages}>
            {(name) => (
              <A href={settingsPath(workspace.workspace, name)}>
                <Icon name={icons[name]} />
                <span class="clip">{t(`settings.${name}`)}</span>
                <Icon name="down" size={14} class="go" />
              </A>
            )}
          </For>
        </nav>
      </aside>
      <Handle
        label={t('shell.resizeMenu')}
        width={width()}
        min={MENU.min}
        max={MENU.max}
        side="before"
        onResize={setWidth}
      />
      <Suspense fallback={<section class="pane" />}>{props.children}</Suspense>
    </div>
  )
}
