/** How well a query fits a text, and which letters it took, to be shown in bold. */
export interface FuzzyMatch {
  readonly score: number
  readonly ranges: readonly (readonly [start: number, end: number])[]
}

/** Letters in order, accents and case aside; starts of words and runs count more, gaps count less. */
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
    if (match === null) break
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
    if (found === 0 || /[\s/(“"-]/.test(letters.charAt(found - 1))) score += 6
    at = found + 1
  }
  return { score: score - letters.length / 100, ranges }
}

/** One letter for one letter, so that ranges fit the text as written. */
function plain(text: string): string {
  return Array.from(text, (letter) => letter.normalize('NFD').charAt(0).toLowerCase() || letter).join('')
}
