import { A } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { EmptyState } from '../kit/EmptyState.tsx'
import { createTitle } from './title.ts'

export default function NotFound(): JSX.Element {
  const t = useText()
  createTitle(() => t('shell.notFoundTitle'))
  return (
    <div class="fill">
      <EmptyState
        lead
        scene="dry"
        title={t('shell.notFoundTitle')}
        action={
          <A class="btn" href="/">
            {t('shell.goHome')}
          </A>
        }
      >
        {t('shell.notFound')}
      </EmptyState>
    </div>
  )
}
