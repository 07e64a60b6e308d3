import { afterEach, describe, expect, test } from 'vitest'
import { useFormat } from './format.ts'
import { preferredLanguage, showLanguage } from './language.ts'
import { freshDevice } from '../testing/fake-app.tsx'

afterEach(() => showLanguage('pt-BR'))

describe('dates and numbers', () => {
  test('an ISO date keeps its day in every time zone', () => {
    const year = new Date().getFullYear()
    expect(useFormat()().day(`${year}-11-18`)).toBe('18 nov')
    expect(useFormat()().day('2020-01-01')).toBe('1 jan 2020')
  })
  test('today shows the time alone, another day shows both', () => {
    const now = new Date()
    now.setHours(14, 30)
    expect(useFormat()().moment(now.getTime())).toBe('14:30')
    expect(useFormat()().moment(new Date(2020, 10, 18, 14, 30).getTime())).toBe('18 nov 2020 14:30')
  })
  test('a language change reaches what was already asked for', async () => {
    const format = useFormat()
    expect(format().bytes(1_234_000)).toBe('1,2 MB')
    await showLanguage('en')
    expect(format().bytes(1_234_000)).toBe('1.2 MB')
    expect(format().bytes(568_000_000)).toBe('568 MB')
    expect(document.documentElement.lang).toBe('en')
  })
})

describe('the language of the first start', () => {
  test.each([
    [['pt-PT', 'en'], 'pt-BR'],
    [['en-US', 'pt-BR'], 'en'],
    [['de', 'en-GB'], 'en'],
    [['ja'], 'pt-BR'],
    [[], 'pt-BR'],
  ])('%j is %s', (languages, expected) => {
    freshDevice()
    expect(preferredLanguage(languages)).toBe(expected)
  })
  test('what was chosen here wins, what is broken does not', () => {
    freshDevice({ language: 'en' })
    expect(preferredLanguage(['pt-BR'])).toBe('en')
    freshDevice({ language: 'klingon' })
    expect(preferredLanguage(['pt-BR'])).toBe('pt-BR')
  })
})
