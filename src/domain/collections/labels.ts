import { defineCollection } from '../collection.ts'
import { text } from '../fields.ts'

export const labels = defineCollection({
  name: 'labels',
  document: 'directory',
  table: 'labels',
  fields: {
    name: text({ max: 60 }),
    pigment: text({ max: 32 }),
  },
  version: 1,
})
