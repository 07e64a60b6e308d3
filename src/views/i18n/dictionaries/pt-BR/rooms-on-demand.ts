import { attachments } from './attachments.ts'
import { auth } from './auth.ts'
import { settings } from './settings.ts'

export const roomsOnDemand = { attachments, auth, settings }
