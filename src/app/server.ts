import type { FileServer } from '../sync/attachments/file-ports.ts'
import { publishableKey, supabaseUrl } from '../sync/browser/project.ts'
import { sendBytes } from '../sync/browser/send-bytes.ts'
import type { Clock, LiveChannel, LogServer, Session } from '../sync/ports.ts'
import { makeLiveChannel } from '../sync/supabase/live-channel.ts'
import type { Meetings } from '../sync/meetings-port.ts'
import { makeFileServer } from '../sync/supabase/file-server.ts'
import { makeLogServer } from '../sync/supabase/log-server.ts'
import { makeMeetingChannels } from '../sync/supabase/meeting-channels.ts'
import { makeSession } from '../sync/supabase/session.ts'
import { supabase } from './supabase.ts'

export const logOf = (personId: string): LogServer => makeLogServer(supabase, personId)
export const live: LiveChannel = makeLiveChannel(supabase)
export const meetings: Meetings = makeMeetingChannels(supabase)
export const sessionOf = (personId: string): Session => makeSession(supabase, personId)
export const filesOf = (personId: string, clock: Clock): FileServer =>
  makeFileServer({
    client: supabase,
    personId,
    url: supabaseUrl,
    publishableKey,
    clock,
    fetch: (input, init) => fetch(input, init),
    sendBytes,
  })
