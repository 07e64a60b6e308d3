import type { useText } from '../i18n/language.ts'

type Translate = ReturnType<typeof useText>

const SHORTEST_PASSWORD = 8

/** Only what is surely wrong is stopped here; the server has the last word. */
export function checkEmail(email: string, t: Translate): string | undefined {
  if (email.trim() === '') return t('auth.needEmail')
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim()) ? undefined : t('auth.badEmail')
}

export function checkNewPassword(password: string, t: Translate): string | undefined {
  if (password === '') return t('auth.needPassword')
  return Array.from(password).length < SHORTEST_PASSWORD ? t('auth.shortPassword') : undefined
}
