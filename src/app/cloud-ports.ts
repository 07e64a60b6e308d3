export { authPort } from './auth-port.ts'
export * as server from './server.ts'
export { workspacePort } from './workspace-port.ts'
