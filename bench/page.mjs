// Writes what was measured into docs/benchmarks.md, between its two marks; the words around them are written by hand.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))
const BEGIN = '<!-- measured: written by `npm run bench` -->'
const END = '<!-- /measured -->'

export function writePage({ machine, versions, measured }) {
  const text = readFileSync(page, 'utf8')
  const from = text.indexOf(BEGIN)
  const to = text.indexOf(END)
  if (from < 0 || to < from)
    throw new Error('docs/benchmarks.md has lost the marks between which results stand.')
  const parts = Object.entries(measured)
    .filter(([, one]) => one.seen !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, one]) => section(name, one))
  const head = [
    `${machine.processor}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  ]
  const block = [BEGIN, '', ...head, '', ...parts].join('\n')
  writeFileSync(page, `${text.slice(0, from)}${block}\n${text.slice(to)}`)
}

function section(name, { title, unit, seen, goals = [], notes = [], quick }) {
  const figures = [...new Set(Object.values(seen).flatMap((sample) => Object.keys(sample)))]
  const lines = [
    `### ${title}`,
    '',
    `\`npm run bench -- ${name}\`; ${unit}.${quick ? ' A quick run, of two rounds.' : ''}`,
    '',
    `| | ${figures.map(words).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(figures.length)}`,
    ...Object.entries(seen).map(
      ([who, sample]) => `| ${who} | ${figures.map((figure) => number(sample[figure])).join(' | ')} |`,
    ),
    '',
  ]
  for (const { what, goal, seen: value, met } of goals)
    lines.push(`- ${met ? '✓' : '**missed:**'} ${what}: ${number(value)} (goal ≤ ${goal})`)
  for (const note of notes) lines.push(`- ${note}`)
  return [...lines, ''].join('\n')
}

const words = (figure) => figure.replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase()

function number(value) {
  if (value === undefined || value === null) return '–'
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(value)
}
