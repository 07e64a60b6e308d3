import { flatten, translator, type Flatten, type Translator } from '@solid-primitives/i18n'
import { createSignal } from 'solid-js'
import { recall, remember } from '../../stores/remembered.ts'
import { ptBR, type Dictionary } from './dictionaries/pt-BR/index.ts'

/**
 * The Portuguese words of the first paint are in the first script; those of rooms on demand come with the room
 * (`withWords`), another language whole when it is chosen. One language for the whole app, so the state is of the
 * module: a component asks for words with `useText()` and re-renders only where a word stands.
 */
const languages = ['pt-BR', 'en'] as const
export type Language = (typeof languages)[number]

type Words = Flatten<Dictionary>

const [language, setShown] = createSignal<Language>('pt-BR')
// A key of a room that is not loaded yet is never asked for: only that room, which `withWords` holds back, asks for it.
const [words, setWords] = createSignal<Words>(flatten(ptBR) as Words)

export { language }

const translate: Translator<Words> = translator(words)

export function useText(): Translator<Words> {
  return translate
}

function isLanguage(value: unknown): value is Language {
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
  const wanted = await wordsOf(next)
  setWords(() => wanted)
  setShown(next)
  document.documentElement.lang = next
}

export async function chooseLanguage(next: Language): Promise<void> {
  await showLanguage(next)
  remember('language', next)
}

/** Loads a room together with its words. */
export async function withWords<T>(room: Promise<T>): Promise<T> {
  await (roomWords ??= loadRoomWords())
  return await room
}

let roomWords: Promise<void> | undefined
let onDemand: Partial<Words> = {}

async function loadRoomWords(): Promise<void> {
  onDemand = flatten(
    (await import('./dictionaries/pt-BR/rooms-on-demand.ts')).roomsOnDemand,
  ) as Partial<Words>
  if (language() === 'pt-BR') await showLanguage('pt-BR')
}

async function wordsOf(next: Language): Promise<Words> {
  if (next === 'en') return flatten((await import('./dictionaries/en/index.ts')).en)
  return { ...flatten(ptBR), ...onDemand } as Words
}
