/** What all contenders of a measurement over the network have in common: one server, and devices that share documents. */
import type * as Y from 'yjs'

export interface Contender {
  readonly name: string
  start(): Promise<Running>
}

export interface Running {
  port(): number
  /** Sees to what the next device needs and what is no part of a measurement: a person who is signed in. */
  prepare(): Promise<void>
  /** A device that has this document open, is connected and has all that the server has. */
  device(document: string, throughPort?: number): Promise<Device>
  /** Ends the server at once and starts it again on what it had stored. */
  crash(): Promise<void>
  /** Ends the server with the signal that asks, and starts it again. */
  restart(): Promise<void>
  /** Processor time that the server and what belongs to it have used so far; null where nobody can say. */
  cpuSeconds(): number | null
  stop(): Promise<void>
}

export interface Device {
  readonly doc: Y.Doc
  /** One transaction by the person at this device. */
  edit(row: string, work: (doc: Y.Doc) => void): void
  /** Resolves when the device knows that somebody else looks at the document, where that makes a difference. */
  readonly inCompany?: () => Promise<void>
  /** Resolves when the device says that the server has everything; null where it never says so. */
  readonly saved: (() => Promise<void>) | null
  /** Rows with an edit that the server has not acknowledged, at each change; only where a device knows. */
  readonly watchUnsaved?: (listener: (rows: ReadonlySet<string>) => void) => void
  /** Resolves when it is off. */
  disconnect(): Promise<void>
  connect(): void
  close(): Promise<void>
}
