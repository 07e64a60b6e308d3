import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/**
 * Gzipped bytes of what these scripts hold of some source files: the pieces that the source maps name as theirs, put
 * together. Compressed apart from the rest of their scripts, they come out a little heavier than they travel.
 */
export function weighSources(scripts, isWanted) {
  const pieces = scripts.flatMap((script) => {
    const { mappings, sources } = JSON.parse(readFileSync(`${script}.map`, 'utf8'))
    const wanted = sources.map((source) => isWanted(source))
    const lines = readFileSync(script, 'utf8').split('\n')
    let source = 0
    return mappings.split(';').flatMap((line, row) => {
      const marks = []
      let column = 0
      for (const segment of line.split(',').filter(Boolean)) {
        const [columns, sourcesOn] = numbersOf(segment)
        column += columns
        source += sourcesOn ?? 0
        marks.push({ column, wanted: sourcesOn !== undefined && wanted[source] })
      }
      return marks.flatMap((mark, at) =>
        mark.wanted ? [lines[row].slice(mark.column, marks[at + 1]?.column)] : [],
      )
    })
  })
  return gzipSync(pieces.join(''), { level: 9 }).length
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Numbers of a source map: six bits a digit, the sixth says that more follow, the first of a number is its sign. */
function numbersOf(segment) {
  const numbers = []
  let value = 0
  let shift = 0
  for (const digit of segment) {
    const bits = digits.indexOf(digit)
    value |= (bits & 31) << shift
    shift += 5
    if (bits & 32) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = shift = 0
  }
  return numbers
}
