/** How well a query fits a text, and which letters it took, to be shown in bold. */
export interface FuzzyMatch {
  readonly score: number
  readonly ranges: readonly (readonly [start: number, end: number])[]
}

/** Letters in order, accents and case aside: beginnings of words and runs of letters. */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const wanted = plain(query).replaceAll(' ', '')
  if (wanted === '') return { score: 0, ranges: [] }
  const letters = plain(text)
  let best: FuzzyMatch | null = null
  for (
    let start = letters.indexOf(wanted.charAt(0));
    start !== -1;
    start = letters.indexOf(wanted.charAt(0), start + 1)
  ) {
    const match = matchFrom(wanted, letters, start)
    if (match === null) continue
    if (best === null || match.score > best.score) best = match
  }
  return best
}

function matchFrom(wanted: string, letters: string, start: number): FuzzyMatch | null {
  const ranges: [number, number][] = []
  let score = 0
  let at = start
  for (const letter of wanted) {
    const found = letters.indexOf(letter, at)
    if (found === -1) return null
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === found) {
      last[1] = found + 1
      score += 4
    } else {
      score -= Math.min(found - at, 8)
      ranges.push([found, found + 1])
    }
    if (startsWord(letters, found)) score += 6
    at = found + 1
  }
  // A lone letter in the middle of a word is chance, not what was meant.
  if (ranges.some(([from, to]) => to - from === 1 && !startsWord(letters, from))) return null
  return { score: score - letters.length / 100, ranges }
}

function startsWord(letters: string, at: number): boolean {
  return at === 0 || /[\s/(“"-]/.test(letters.charAt(at - 1))
}

/** One letter for one letter, so that ranges fit the text as written. */
function plain(text: string): string {
  return Array.from(text, (letter) => letter.normalize('NFD').charAt(0).toLowerCase() || letter).join('')
}
