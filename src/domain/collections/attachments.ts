import { defineCollection, type Entity } from '../collection.ts'
import { instant, number, optional, reference, text } from '../fields.ts'

/** Files that belong to something of the same document. The bytes travel apart and are known by their hash. */
export const attachments = defineCollection({
  name: 'attachments',
  document: 'board',
  table: 'attachments',
  fields: {
    of: reference('tasks'),
    /** Of the bytes, in lower-case hexadecimal: the file's name on every device and on the server. */
    sha256: text({ max: 64 }),
    name: text({ max: 255 }),
    mime: text({ max: 127 }),
    bytes: number(),
    /** Of an image, as it is shown. */
    width: optional(number()),
    height: optional(number()),
    created_at: instant(),
    created_by: reference('members'),
    /** Set: removed, and still to be had back. */
    deleted_at: instant(),
  },
  version: 1,
})

export type Attachment = Entity<typeof attachments>
