import type { LiveChannel, LogServer, Session } from '../sync/ports.ts'
import { makeLiveChannel } from '../sync/supabase/live-channel.ts'
import { makeLogServer } from '../sync/supabase/log-server.ts'
import { makeSession } from '../sync/supabase/session.ts'
import { supabase } from './supabase.ts'

export const logOf = (personId: string): LogServer => makeLogServer(supabase, personId)
export const live: LiveChannel = makeLiveChannel(supabase)
export const sessionOf = (personId: string): Session => makeSession(supabase, personId)
