import { type JSX } from 'solid-js'
import { useText } from '../i18n/language.ts'
import { Button } from '../kit/Button.tsx'
import { IconButton } from '../kit/IconButton.tsx'
import { Segmented } from '../kit/Segmented.tsx'
import { PeopleHere } from '../shell/PeopleHere.tsx'
import { useTasksScreen } from './screen-state.ts'

export function BoardBar(props: { onSearch: () => void }): JSX.Element {
  const t = useText()
  const screen = useTasksScreen()
  const other = () => (screen.view().view === 'board' ? 'list' : 'board')
  return (
    <header class="bar">
      <h1 tabIndex={-1}>{t('tasks.title')}</h1>
      <span class="grow" />
      <PeopleHere most={3} size={20} class="mob" />
      <span class="desk">
        <Segmented
          label={t('tasks.view')}
          value={screen.view().view}
          options={[
            { value: 'board', label: t('tasks.board'), icon: 'board' },
            { value: 'list', label: t('tasks.list'), icon: 'list' },
          ]}
          onChange={(view) => screen.show({ view })}
        />
      </span>
      <IconButton
        class="mob"
        icon={other()}
        label={other() === 'list' ? t('tasks.showList') : t('tasks.showBoard')}
        onClick={() => screen.show({ view: other() })}
      />
      <IconButton icon="search" label={t('tasks.search')} keys="/" onClick={() => props.onSearch()} />
      <span class="desk">
        <Button kind="primary" icon="plus" keys="c" onClick={() => screen.setAdding('backlog')}>
          {t('tasks.add')}
        </Button>
      </span>
    </header>
  )
}
