// postgres_changes: who subscribed to what, and who hears of a changed row. Which rows match a filter and
// whom a row policy lets see them is asked of PostgreSQL, one question per change for everybody at once.

import type { Sql } from 'postgres'
import { errorCode, type Log } from '../log.ts'
import { answered, DeadlinePassed, withDeadline } from './deadline.ts'
import type { Claims } from './tokens.ts'
import type { FeedChange } from './feed.ts'
import { describeSubscription, readSubscription, subscriptionId, type Subscription } from './subscription.ts'

export interface ChangeListener {
  readonly claims: Claims
  readonly open: boolean
  push(event: string, payload: string): void
  system(extension: 'postgres_changes', status: 'ok' | 'error', message: string): void
}

export interface Subscribing {
  response: string
  announce(): void
  /** Null when subscribed; otherwise why the join is refused. */
  settled(milliseconds: number): Promise<string | null>
}

interface Entry {
  id: number
  subscription: Subscription
  accepted: boolean
}

export class Changes {
  #subscribers = new Map<ChangeListener, Entry[]>()
  #publishing: Promise<void> = Promise.resolve()

  constructor(
    private readonly sql: Sql,
    private readonly log: Log,
    private readonly maxBytes: number,
  ) {}

  get wanted(): boolean {
    return this.#subscribers.size > 0
  }

  add(listener: ChangeListener, requested: Record<string, unknown>[]): Subscribing {
    const answer = requested.map((entry) => ({ ...entry, id: subscriptionId(entry) }))
    const response = JSON.stringify({ postgres_changes: answer })
    if (requested.length === 0) return { response, announce: () => {}, settled: async () => null }

    const read = answer.map((entry, at) => ({
      id: entry.id,
      subscription: readSubscription(requested[at] ?? {}),
    }))
    const unreadable = read.find((entry) => typeof entry.subscription === 'string')?.subscription
    const result =
      typeof unreadable === 'string'
        ? Promise.resolve(unreadable)
        : this.#accept(
            listener,
            read.flatMap(({ id, subscription }) =>
              typeof subscription === 'string' ? [] : [{ id, subscription, accepted: false }],
            ),
          )
    return {
      response,
      announce: () => void result.then((refusal) => this.#announce(listener, refusal)),
      settled: async (milliseconds) => {
        try {
          const refusal = await withDeadline(result, milliseconds)
          return refusal && `RealtimeDisabledForConfiguration: ${refusal}`
        } catch (error) {
          if (!(error instanceof DeadlinePassed)) throw error
          return `PostgresChangesSubscribeTimeout: Timed out after ${milliseconds}ms waiting for the postgres_changes subscription`
        }
      },
    }
  }

  remove(listener: ChangeListener): void {
    this.#subscribers.delete(listener)
  }

  /** Tables came or went: what was refused for want of a table is asked about again. */
  publicationChanged(): void {
    for (const [listener, entries] of this.#subscribers) {
      if (entries.some((entry) => !entry.accepted)) void this.#acceptLater(listener, entries)
    }
  }

  async #acceptLater(listener: ChangeListener, entries: Entry[]): Promise<void> {
    if ((await this.#accept(listener, entries)) === null) this.#announce(listener, null)
  }

  publish(change: FeedChange): void {
    this.#publishing = this.#publishing
      .then(() => this.#tell(change))
      .catch((error: unknown) => {
        this.log.warn(`Realtime: change ${change.seq} could not be told (${errorCode(error)}).`)
      })
  }

  #announce(listener: ChangeListener, refusal: string | null): void {
    if (refusal === null) listener.system('postgres_changes', 'ok', 'Subscribed to PostgreSQL')
    else listener.system('postgres_changes', 'error', refusal)
  }

  // All or none: a subscription whose table is not published keeps the others of its join waiting.
  async #accept(listener: ChangeListener, entries: Entry[]): Promise<string | null> {
    this.#subscribers.set(listener, entries)
    const refusals = await Promise.all(
      entries.map(({ subscription }) => this.#refusal(listener, subscription)),
    )
    if (!listener.open) this.remove(listener)
    const refusal = refusals.find((text) => text !== null) ?? null
    for (const entry of entries) entry.accepted = refusal === null
    return refusal
  }

  async #refusal(listener: ChangeListener, subscription: Subscription): Promise<string | null> {
    const { schema, table, filters, select } = subscription
    const given = describeSubscription(subscription)
    const failed = (reason: string) =>
      `Unable to subscribe to changes with given parameters. An exception happened so please check your connect parameters: ${given}. Exception: ${reason}`
    try {
      await answered(this.sql`select _realtime.attach_changes()`)
      const query = this.sql<{ refusal: string | null }[]>`
        select _realtime.refuse_subscription(${schema}, ${table}, ${listener.claims.role},
          ${JSON.stringify(filters)}::text::jsonb, ${JSON.stringify(select)}::text::jsonb) as refusal`
      const refusal = (await answered(query))[0]?.refusal ?? null
      if (refusal === null) return null
      if (refusal !== '') return failed(refusal)
      return `Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: ${given}`
    } catch (error) {
      const code = errorCode(error)
      if (code.startsWith('22')) return failed(`ERROR ${code}`) // a value that PostgreSQL cannot hold at all
      this.log.warn(`Realtime: a subscription could not be checked (${code}).`)
      return 'Realtime was unable to connect to the project database'
    }
  }

  async #tell(change: FeedChange): Promise<void> {
    const audiences = new Map<string, { asked: string; heard: { listener: ChangeListener; id: number }[] }>()
    for (const [listener, entries] of this.#subscribers) {
      for (const { id, subscription, accepted } of entries) {
        if (!accepted || !concerns(subscription, change)) continue
        const { filters, select } = subscription
        const key = JSON.stringify([listener.claims, filters, select])
        const audience = audiences.get(key) ?? {
          asked: `"role":${JSON.stringify(listener.claims.role)},"claims":${JSON.stringify(listener.claims)},"filters":${JSON.stringify(filters)},"select":${JSON.stringify(select)}`,
          heard: [],
        }
        audience.heard.push({ listener, id })
        audiences.set(key, audience)
      }
    }
    const asked = [...audiences.values()]
    if (asked.length === 0) return
    const question = `[${asked.map(({ asked: fields }, n) => `{"n":${n},${fields}}`).join(',')}]`
    const query = this.sql<{ subscriber: number; data: string }[]>`
      select subscriber, data from _realtime.audience(${change.seq}::bigint, ${question}::text::jsonb, ${this.maxBytes})`

    // A channel whose entries match in several ways hears once, with the ids of all that show the same.
    const told = new Map<ChangeListener, Map<string, number[]>>()
    for (const { subscriber, data } of await answered(query)) {
      for (const { listener, id } of asked[subscriber]?.heard ?? []) {
        const byData = told.get(listener) ?? new Map<string, number[]>()
        byData.set(data, [...(byData.get(data) ?? []), id])
        told.set(listener, byData)
      }
    }
    for (const [listener, byData] of told) {
      for (const [data, ids] of byData)
        listener.push('postgres_changes', `{"ids":${JSON.stringify(ids)},"data":${data}}`)
    }
  }
}

function concerns({ event, schema, table }: Subscription, change: FeedChange): boolean {
  return (
    (event === '*' || event === change.type) &&
    (schema === '*' || schema === change.schema) &&
    (table === '*' || table === change.table)
  )
}
