import { defineCollection } from '../collection.ts'
import { oneOf, text } from '../fields.ts'

/** Keyed by the person's user id. Each person's own device writes it on opening the workspace. */
export const members = defineCollection({
  name: 'members',
  document: 'directory',
  table: 'memberships',
  fields: {
    display_name: text({ max: 120 }),
    role: oneOf(['owner', 'admin', 'agent', 'viewer'], { default: 'agent' }),
    pigment: text({ max: 32 }),
  },
  version: 1,
})
