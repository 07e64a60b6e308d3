/**
 * What the tabs of one person and workspace say to each other. Every message carries its sender and the protocol it
 * speaks, and these two never change: a tab that hears a higher number than its own is older and asks to be reloaded.
 * [T12] Everybody hears everything; `to` names the one it is meant for.
 *
 * A leader says `leading` with all that it knows; whoever hears a new one answers `here` with what it has open and
 * `hello` for each document, so that both come to hold the same whatever one of them missed. From then on edits
 * travel as `edited`, what the log brought as `logged`, and what became of pending changes as `fates`.
 */
import type { ConnectionLogLine } from './connection-log-line.ts'
import type { ConnectionState } from './connection-state.ts'
import type { Fate, JournalEntry } from './change-fates.ts'
import type { DeviceHere } from './presence/room.ts'
import type { TabHere } from './presence/word.ts'
import type { PendingRecord, SyncRecord } from './storage-port.ts'
import type { CallsState, SyncProblem } from './sync-state.ts'

export const TAB_PROTOCOL = 1

/** How the leader stands with the server, for all its tabs to show. */
export interface Standing {
  readonly connection: ConnectionState
  readonly lastSyncedAt: number | null
  readonly sending: boolean
  readonly problem: SyncProblem | null
  readonly calls: CallsState
}

/** Something that only the leader can do. */
export type TabRequest =
  | { readonly do: 'sync' }
  | { readonly do: 'retry'; readonly change: string }
  | { readonly do: 'discard'; readonly change: string }

/** A document's copies in all tabs are of one generation: what was said of another is of no use. */
interface OfDocument {
  readonly doc: string
  readonly generation: number
}

type OfTabs =
  | {
      readonly kind: 'here'
      /** Somebody looks at it, and it could lead. */
      readonly visible: boolean
      readonly open: readonly string[]
      /** The leader shall say everything. */
      readonly asks: boolean
    }
  /** What the person sees in this tab, for the leader to tell other devices. [H10] */
  | { readonly kind: 'shows'; readonly shown: TabHere }
  /** Who is here, as the leader heard it. */
  | { readonly kind: 'present'; readonly devices: readonly DeviceHere[] }
  /** Frozen, or on its way out. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'anybody' }
  | { readonly kind: 'leads'; readonly term: string }
  | {
      readonly kind: 'leading'
      readonly term: string
      readonly standing: Standing
      readonly lines: readonly ConnectionLogLine[]
      readonly journal: readonly JournalEntry[]
      /** Documents of which the leader may not know everything; null: any. */
      readonly unsure: readonly string[] | null
    }
  | { readonly kind: 'standing'; readonly standing: Standing }
  | { readonly kind: 'line'; readonly line: ConnectionLogLine }
  /** A hidden leader hands over to a tab that somebody looks at. */
  | { readonly kind: 'yours'; readonly to: string }
  | { readonly kind: 'session'; readonly signedIn: boolean }
  | { readonly kind: 'asked'; readonly ask: string; readonly request: TabRequest }
  | { readonly kind: 'answered'; readonly ask: string; readonly to: string; readonly failure: string | null }

type OfDocuments = OfDocument &
  /** What the sender has. Whoever leads, or the one that is named, answers with what it lacks. */
  (
    | {
        readonly kind: 'hello'
        readonly to: string | null
        readonly vector: Uint8Array
        readonly records: readonly PendingRecord[]
      }
    /** `number` counts what this tab told of the document, for `kept`; 0 when all of it is stored. */
    | {
        readonly kind: 'edited' | 'lacking'
        readonly update: Uint8Array
        readonly records: readonly PendingRecord[]
        readonly number: number
      }
    | { readonly kind: 'logged'; readonly updates: readonly Uint8Array[]; readonly number: number }
    /** Another device told it, and the log has not. [S14] */
    | { readonly kind: 'told'; readonly update: Uint8Array }
    /** The server does not take it from this person: whoever shows it shows it no more. [S18] */
    | { readonly kind: 'untold' }
    /** The sender has stored all that it told up to there. */
    | { readonly kind: 'kept'; readonly through: number }
    | { readonly kind: 'fates'; readonly fates: readonly Fate[] }
    /** It will be replaced: until it is, nobody writes to it on the device. */
    | { readonly kind: 'replacing' }
    | { readonly kind: 'paused'; readonly to: string }
    /** What was unsent was dropped, here and on the device: this is what the server has. [S11] */
    | { readonly kind: 'replaced'; readonly state: Uint8Array; readonly sync: SyncRecord }
  )

export type DocumentWord = Extract<TabWord, { readonly doc: string }>

export type TabWord = OfTabs | OfDocuments

export type TabMessage = { readonly protocol: number; readonly tab: string } & TabWord
