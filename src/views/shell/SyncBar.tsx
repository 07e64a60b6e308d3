import { createMemo, createSignal, Suspense, type JSX } from 'solid-js'
import { useNavigate } from '@solidjs/router'
import { useApp } from '../../stores/app-context.ts'
import type { SentChange } from '../../stores/sent-history.ts'
import { useWorkspace } from '../../stores/workspace-context.ts'
import { useText } from '../i18n/language.ts'
import { Popover } from '../kit/Popover.tsx'
import { Waterline } from '../kit/Waterline.tsx'
import { signInPath } from '../addresses.ts'
import { SyncPanel } from './rooms-on-demand.ts'
import { createPeopleHere } from './people-here.ts'
import { syncPanelOpen, setSyncPanelOpen } from './sync-panel-state.ts'
import { MineWords, OthersWords } from './WaterlineWords.tsx'
import { readWaterline } from './waterline-shape.ts'

/** The waterline under the whole window; a click on it opens what lies behind. */
export function SyncBar(props: {
  sent: readonly SentChange[]
  onDiscarded: (key: string) => void
}): JSX.Element {
  const t = useText()
  const app = useApp()
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const people = createPeopleHere()
  const [hit, setHit] = createSignal<HTMLElement>()
  const read = createMemo(() => readWaterline(workspace.sync(), workspace.connection()))
  const act = () => {
    if (read().trouble === 'outdated') app.installation.update()
    else if (read().state === 'auth') navigate(signInPath(location.pathname + location.search))
    else setSyncPanelOpen(!syncPanelOpen())
  }
  return (
    <footer class="line" data-quiet={read().quiet ? '' : undefined} aria-label={t('shell.panel')}>
      <Waterline
        {...read()}
        iconSize={14}
        mine={<MineWords read={read()} sync={workspace.sync()} />}
        others={<OthersWords connection={workspace.connection()} people={people()} />}
      >
        <span class="wl-anchor" ref={setHit} />
        <button
          type="button"
          class="wl-hit"
          aria-haspopup="dialog"
          aria-expanded={syncPanelOpen()}
          onClick={act}
          ref={(element) => queueMicrotask(() => nameAfterWords(element))}
        />
      </Waterline>
      <Popover
        open={syncPanelOpen()}
        onClose={() => setSyncPanelOpen(false)}
        label={t('shell.panel')}
        anchor={hit}
        placement="top-start"
        class="sync"
      >
        <Suspense>
          <SyncPanel
            read={read()}
            sent={props.sent}
            onDiscarded={props.onDiscarded}
            onClose={() => setSyncPanelOpen(false)}
          />
        </Suspense>
      </Popover>
    </footer>
  )
}

/** The words on the line are the button's name, so that a voice says what an eye reads. */
function nameAfterWords(button: HTMLElement): void {
  const line = button.parentElement
  const ends = line?.querySelectorAll('.wl-mine > span, .wl-others > span') ?? []
  ends.forEach((end, index) => (end.id = `waterline-${index}`))
  button.setAttribute('aria-labelledby', Array.from(ends, (end) => end.id).join(' '))
}
