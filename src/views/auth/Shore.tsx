import { useNavigate } from '@solidjs/router'
import { For, Show, type JSX } from 'solid-js'
import { useApp } from '../../stores/app-context.ts'
import { pendingOnDevice } from '../../stores/session/pending-on-device.ts'
import { chooseLanguage, language, useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Mark } from '../kit/Mark.tsx'
import './auth.css'
import { Crew } from './Crew.tsx'
import { Sea } from './Sea.tsx'

const GRAINS = 8

/** Signed out means the tide is out: what is only here lies on the dry side; signing in lets the water reach it. */
export function Shore(props: { children: JSX.Element }): JSX.Element {
  const t = useText()
  const app = useApp()
  const navigate = useNavigate()
  const home = () => app.session.home()
  const pending = () => pendingOnDevice(app.session)
  return (
    <div class="shore">
      <header>
        <div class="brand">
          <Mark />
          Tideline
        </div>
        <div class="lang">
          <Button
            kind="ghost"
            icon="globe"
            lang={language() === 'en' ? 'pt-BR' : 'en'}
            onClick={() => void chooseLanguage(language() === 'en' ? 'pt-BR' : 'en')}
          >
            {t('auth.otherLanguage')}
          </Button>
        </div>
      </header>
      <main class="above">{props.children}</main>
      <section class="below" aria-label={t('auth.onThisDevice')}>
        <Sea />
        <div class="local">
          <span class="gr" aria-hidden="true">
            <For each={Array.from({ length: Math.min(pending(), GRAINS) })}>{() => <i class="grain" />}</For>
          </span>
          <Crew />
          <Show
            when={home()}
            fallback={
              <>
                <h2>{t('auth.freshTitle')}</h2>
                <p>{t('auth.freshWords')}</p>
              </>
            }
          >
            {(workspace) => (
              <>
                <h2>{pending() > 0 ? t('auth.pendingHere', pending()) : t('auth.dataHere')}</h2>
                <p>
                  {pending() > 0
                    ? t('auth.pendingWords', pending(), workspace().name)
                    : t('auth.dataWords', workspace().name)}
                </p>
                <Button onClick={() => navigate('/')}>
                  <Icon name="device" />
                  {t('auth.openWithout')}
                </Button>
              </>
            )}
          </Show>
        </div>
      </section>
    </div>
  )
}
