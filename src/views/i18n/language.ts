import { flatten, translator, type Flatten, type Translator } from '@solid-primitives/i18n'
import { createSignal } from 'solid-js'
import { recall, remember } from '../../stores/remembered.ts'
import { ptBR, type Dictionary } from './dictionaries/pt-BR/index.ts'

/**
 * Portuguese is in the first script, any other language is fetched when chosen. One language for the whole app, so the
 * state is of the module: a component asks for words with `useText()` and re-renders only where a word stands.
 */
export const languages = ['pt-BR', 'en'] as const
export type Language = (typeof languages)[number]

type Words = Flatten<Dictionary>

const [language, setShown] = createSignal<Language>('pt-BR')
const [words, setWords] = createSignal<Words>(flatten(ptBR))

export { language }

const translate: Translator<Words> = translator(words)

export function useText(): Translator<Words> {
  return translate
}

export function isLanguage(value: unknown): value is Language {
  return languages.some((known) => known === value)
}

/** What was chosen on this device, or the first of the browser's languages that we speak, or Portuguese. */
export function preferredLanguage(browserLanguages: readonly string[]): Language {
  const chosen = recall('language', isLanguage)
  if (chosen !== undefined) return chosen
  for (const tag of browserLanguages) {
    if (tag.toLowerCase().startsWith('pt')) return 'pt-BR'
    if (tag.toLowerCase().startsWith('en')) return 'en'
  }
  return 'pt-BR'
}

export async function showLanguage(next: Language): Promise<void> {
  const dictionary = next === 'pt-BR' ? ptBR : (await import('./dictionaries/en/index.ts')).en
  setWords(() => flatten(dictionary))
  setShown(next)
  document.documentElement.lang = next
}

export async function chooseLanguage(next: Language): Promise<void> {
  await showLanguage(next)
  remember('language', next)
}
