import { chooseLanguage, language, useText } from '../i18n/language.ts'
import { setTheme, theme, type Theme } from '../shell/theme.ts'
import { setHelpOpen, setPaletteOpen } from './palette-state.ts'
import { registerCommands, type Command } from './registry.ts'

const themeTitles = {
  light: 'commands.themeLight',
  dark: 'commands.themeDark',
  system: 'commands.themeSystem',
} as const satisfies Record<Theme, string>
const themeIcons = { light: 'sun', dark: 'moon', system: 'device' } as const

/** What can be done anywhere, signed in or not. */
export function registerAppCommands(): void {
  const t = useText()
  registerCommands((): Command[] => [
    {
      id: 'app.palette',
      title: () => t('commands.openPalette'),
      group: 'app',
      icon: 'search',
      keys: ['$mod+k'],
      run: () => setPaletteOpen(true),
    },
    {
      id: 'app.help',
      title: () => t('commands.showHelp'),
      group: 'app',
      icon: 'list',
      keys: ['Shift+?'],
      run: () => setHelpOpen(true),
    },
    ...(['light', 'dark', 'system'] as const).map((choice) => ({
      id: `app.theme.${choice}`,
      title: () => t(themeTitles[choice]),
      group: 'app' as const,
      icon: themeIcons[choice],
      when: () => theme() !== choice,
      run: () => setTheme(choice),
    })),
    {
      id: 'app.language',
      title: () => t('commands.switchLanguage'),
      group: 'app',
      icon: 'globe',
      keywords: () => 'English Português idioma language',
      run: () => void chooseLanguage(language() === 'en' ? 'pt-BR' : 'en'),
    },
  ])
}
