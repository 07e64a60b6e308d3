import { defineCollection, type Entity } from '../collection.ts'
import { date, instant, oneOf, optional, orderKey, reference, richText, setOf, text } from '../fields.ts'

export const taskStatuses = ['backlog', 'in_progress', 'blocked', 'review', 'done'] as const
export const taskPriorities = ['p1', 'p2', 'p3', 'p4'] as const

export const tasks = defineCollection({
  name: 'tasks',
  document: 'board',
  table: 'tasks',
  fields: {
    title: text({ max: 500 }),
    status: oneOf(taskStatuses, { default: 'backlog' }),
    assignee: reference('members'),
    priority: optional(oneOf(taskPriorities, { default: 'p4' })),
    labels: setOf(reference('labels')),
    due: date(),
    /** `hh:mm` on the clock of whoever does the task; without one the task is due by the end of its day. */
    due_time: optional(text({ max: 5 })),
    order: orderKey(),
    description: richText(),
    created_at: instant(),
    created_by: reference('members'),
    /** Set: in the trash. What others do to the task meanwhile is still there when it comes back. */
    deleted_at: instant(),
  },
  version: 1,
})

export type Task = Entity<typeof tasks>
export type TaskStatus = (typeof taskStatuses)[number]
export type TaskPriority = (typeof taskPriorities)[number]
