/** What the engine promises, by the name under which a failure and the report speak of it. */
export const promised = [
  'what is called on this device is in its storage',
  'what is called sent is in the log',
  'what is called live has joined',
  'what was called safe outlives its tab',
  'one tab of a device leads',
  'no document throws',
  'memory stays bounded',
  'after healing everybody comes to rest',
  'what was called safe is sent though nobody opens it',
  'what survived is in the log',
  'nothing is in the log twice',
  'all replicas are equal',
  'kept documents are current',
  'storage read again is equal',
  'a stopped engine does nothing more',
] as const

export type Promised = (typeof promised)[number]
