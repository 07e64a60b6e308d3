import { createEffect, onCleanup } from 'solid-js'
import { createKeybindingsHandler } from 'tinykeys'
import { createRemembered } from '../../stores/remembered.ts'
import { commands, isReady, type Command } from './registry.ts'

/** WCAG 2.1.4: whoever speaks or mistypes letters can turn single keys off. */
export const [singleKeys, setSingleKeys] = createRemembered(
  'single-keys',
  true,
  (value): value is boolean => typeof value === 'boolean',
)

/** Listens on the window for every key of the registry, as long as its owner lives. */
export function createShortcuts(): void {
  createEffect(() => {
    const byKeys = new Map<string, Command[]>()
    for (const command of commands()) {
      for (const keys of command.keys ?? []) {
        byKeys.set(keys, [...(byKeys.get(keys) ?? []), command])
      }
    }
    const bindings: Record<string, (event: KeyboardEvent) => void> = {}
    for (const [keys, holders] of byKeys) bindings[keys] = (event) => press(event, keys, holders)
    const handler = createKeybindingsHandler(bindings)
    window.addEventListener('keydown', handler)
    onCleanup(() => window.removeEventListener('keydown', handler))
  })
}

function press(event: KeyboardEvent, keys: string, holders: readonly Command[]): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return
  if (!hasModifier(keys) && (!singleKeys() || isBusy(event.target))) return
  const command = holders.find(isReady)
  if (command === undefined) return
  event.preventDefault()
  command.run()
}

function hasModifier(keys: string): boolean {
  return /(\$mod|Control|Meta|Alt)\+/.test(keys)
}

/** Where letters mean text, or where an open menu or dialog holds the keyboard. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('[role="menu"], [role="listbox"], [role="dialog"], [role="alertdialog"]') !== null)
    return true
  if (target instanceof HTMLElement && target.isContentEditable) return true
  if (target instanceof HTMLInputElement)
    return !/^(checkbox|radio|button|submit|reset|range)$/.test(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
