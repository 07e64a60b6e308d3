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

// lite hands over JSON as the text it is already, and postgres.js would make a JSON string of the text.
const jsonText = (value: unknown) => {
  if (typeof value !== 'string') return JSON.stringify(value)
  try {
    JSON.parse(value)
    return value
  } catch {
    return JSON.stringify(value)
  }
}

export const columnFormats = {
  json: { to: 114, from: [114], serialize: jsonText, parse: JSON.parse },
  jsonb: { to: 3802, from: [3802], serialize: jsonText, parse: JSON.parse },
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
