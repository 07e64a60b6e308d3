// A join, step by step: topic, limits, token, policies, then what is to be replayed. A refusal names its
// code first, as the real server's do.

import { Channel, type Owner } from './channel.ts'
import type { Frame } from './frames.ts'
import { joinToken, readJoinConfig } from './join-config.ts'
import { everything } from './policies.ts'
import { readReplay } from './replay.ts'
import type { Services } from './services.ts'
import type { Claims } from './tokens.ts'

/** Who the connection itself is: the key or token that the socket was opened with. */
export interface ConnectionIdentity {
  claims: Claims
  token: string | null
}

type Outcome =
  | { channel: Channel; response: string; start: () => void; refusal?: never }
  | { refusal: string; channel?: never }

export async function joinChannel(
  services: Services,
  owner: Owner,
  frame: Frame,
  connection: ConnectionIdentity,
): Promise<Outcome> {
  const subtopic = frame.topic.slice('realtime:'.length)
  if (subtopic === '') return { refusal: 'TopicNameRequired: You must provide a topic name' }
  const config = readJoinConfig(frame.payload)

  const own = joinToken(frame.payload)
  const token = own ?? connection.token
  const verdict = token === null ? { claims: connection.claims } : services.tokens.verify(token)
  if (!verdict.claims) return { refusal: `${verdict.refusal.code}: ${verdict.refusal.message}` }
  const { claims } = verdict

  const permissions = config.isPrivate
    ? await services.policies.decide(subtopic, { claims, headers: owner.headers })
    : everything
  const unauthorized = `Unauthorized: You do not have permissions to read from this Channel topic: ${subtopic}`
  if (!permissions.broadcast.read && !permissions.presence.read) return { refusal: unauthorized }
  if (config.replay !== undefined) {
    if (!config.isPrivate) {
      return { refusal: 'UnableToReplayMessages: Replay is not allowed for public channels' }
    }
    if (!permissions.broadcast.read) return { refusal: unauthorized }
  }

  const channel = new Channel(services, owner, {
    topic: frame.topic,
    subtopic,
    joinRef: frame.joinRef ?? frame.ref,
    config,
    claims,
    token,
    permissions,
  })
  try {
    const replayed = await readReplay(services.sql, channel, config.replay)
    if (typeof replayed === 'string') {
      channel.leave()
      return { refusal: replayed }
    }
    const subscriptions = services.changes.add(channel, config.changes)
    if (config.changesWait !== null) {
      const refusal = await subscriptions.settled(config.changesWait)
      if (refusal) {
        channel.leave()
        return { refusal }
      }
    }
    return {
      channel,
      response: subscriptions.response,
      start: () => {
        channel.start(replayed)
        subscriptions.announce()
        if (config.replicationReady) channel.system('system', 'ok', 'Replication connection established')
      },
    }
  } catch (error) {
    channel.leave()
    throw error
  }
}
