import { makeLiveChannel } from '../sync/supabase/live-channel.ts'
import { makeLogServer } from '../sync/supabase/log-server.ts'
import { makeSession } from '../sync/supabase/session.ts'
import { supabase } from './supabase.ts'

export const log = makeLogServer(supabase)
export const live = makeLiveChannel(supabase)
export const session = makeSession(supabase)
