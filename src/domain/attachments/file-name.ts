const mostLetters = 255
// Separators of paths, what a terminal obeys, and the letters that turn the direction of writing (so that
// `gpj.exe` could look like `exe.jpg`).
// oxlint-disable-next-line no-control-regex -- these are the letters to be taken out
const unwanted = /[\u0000-\u001f\u007f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** A name as it is shown and saved: one line, no path, its ending kept when it is cut. */
export function tidyFileName(name: string): string {
  const tidy = name.replace(unwanted, ' ').replace(/\s+/g, ' ').trim()
  if (tidy.length <= mostLetters) return tidy
  const ending = /\.\w{1,10}$/.exec(tidy)?.[0] ?? ''
  return tidy.slice(0, mostLetters - ending.length) + ending
}
