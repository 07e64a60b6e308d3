/** Into the function's log: ids and codes, never what people wrote. */
export function warn(line: string): void {
  // oxlint-disable-next-line no-console -- an edge function's console is its log
  console.warn(line)
}
