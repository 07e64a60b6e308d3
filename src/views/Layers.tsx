import { Show, Suspense, type JSX } from 'solid-js'
import { helpOpen, paletteOpen, setHelpOpen, setPaletteOpen } from './commands/palette-state.ts'
import { useText } from './i18n/language.ts'
import { Toasts } from './kit/Toasts.tsx'
import { TooltipLayer } from './kit/TooltipLayer.tsx'
import { Palette, ShortcutHelp } from './shell/rooms-on-demand.ts'
import { UpdatePrompt } from './shell/UpdatePrompt.tsx'

/** What lies over every page and is not drawn with it: the palette, notices, tips. */
export default function Layers(): JSX.Element {
  const t = useText()
  return (
    <>
      <UpdatePrompt />
      <Toasts regionLabel={t('shell.notices')} closeLabel={t('shell.close')} />
      <TooltipLayer />
      <Suspense>
        <Show when={paletteOpen()}>
          <Palette
            onClose={() => setPaletteOpen(false)}
            onHelp={() => {
              setPaletteOpen(false)
              setHelpOpen(true)
            }}
          />
        </Show>
        <Show when={helpOpen()}>
          <ShortcutHelp onClose={() => setHelpOpen(false)} />
        </Show>
      </Suspense>
    </>
  )
}
