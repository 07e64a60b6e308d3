/** tinykeys syntax in the words that stand on the keys; one label per press of a sequence. */
const named: Record<string, string> = {
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  backspace: '⌫',
  delete: 'Del',
  space: '␣',
}
const onMac: Record<string, string> = { $mod: '⌘', meta: '⌘', control: '⌃', alt: '⌥', shift: '⇧' }
const elsewhere: Record<string, string> = {
  $mod: 'Ctrl',
  control: 'Ctrl',
  alt: 'Alt',
  shift: '⇧',
  meta: 'Meta',
}

export function keyLabels(keys: string, mac: boolean = isMac()): string[] {
  return keys.split(' ').map((press) => {
    const parts = press.split('+')
    const key = parts.pop() ?? ''
    const label = named[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key)
    // The sign itself says how it is typed: ? needs no ⇧ beside it.
    const shown = /^[^\p{L}\d]$/u.test(key) ? parts.filter((part) => part !== 'Shift') : parts
    const before = shown.map((part) => (mac ? onMac : elsewhere)[part.toLowerCase()] ?? part)
    return mac || before.every((part) => part.length === 1)
      ? [...before, label].join('')
      : [...before, label].join(' ')
  })
}

function isMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
}
