export { type Realtime, type RealtimeOptions, startRealtime } from './endpoint.ts'
export { installRealtimeSchema } from './install.ts'
