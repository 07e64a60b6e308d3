import { fileURLToPath } from 'node:url'

/** The folder of the repository, with no trailing slash. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
