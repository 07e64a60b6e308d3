import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

export const migrationsFolder = join(projectRoot, 'supabase', 'migrations')
export const functionsFolder = join(projectRoot, 'supabase', 'functions')
export const seedFile = join(projectRoot, 'supabase', 'seed.sql')
export const supabaseConfigFile = join(projectRoot, 'supabase', 'config.toml')
export const builtAppFolder = join(projectRoot, 'dist')

export const version = (
  JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
).version
