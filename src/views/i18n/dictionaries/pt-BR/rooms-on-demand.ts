import { auth } from './auth.ts'
import { settings } from './settings.ts'

export const roomsOnDemand = { auth, settings }
