// How values of a type travel between PostgreSQL and JSON, as PostgREST has them: bytea as the text
// `\x…`, timestamps in ISO 8601. postgres.js would read a string for bytea as raw bytes.

const text = (value: unknown) => String(value)

const isoTimestamp = (value: string) => {
  const [, date, time, zone] =
    /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(:\d\d)?)?$/.exec(value) ?? []
  if (!date || !time) return value
  const minutes = /[+-]\d\d(:\d\d)$/.exec(value)?.[1] ?? ':00'
  return zone ? `${date}T${time}${zone}${minutes}` : `${date}T${time}`
}

export const columnFormats = {
  bytea: {
    to: 17,
    from: [17],
    serialize: (value: unknown) =>
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : text(value),
    parse: (value: string) => value,
  },
  timestamp: { to: 1114, from: [1114], serialize: text, parse: isoTimestamp },
  timestamptz: { to: 1184, from: [1184], serialize: text, parse: isoTimestamp },
}
