// What the measurements use of the peers. They are installed by `npm run bench` alone, and the types of everything
// are checked without them.

declare module 'y-websocket' {
  export class WebsocketProvider {
    constructor(
      url: string,
      room: string,
      doc: import('yjs').Doc,
      options: { WebSocketPolyfill: never; disableBc: boolean },
    )
    once(event: 'sync', listener: () => void): void
    connect(): void
    disconnect(): void
    destroy(): void
  }
}

declare module '@hocuspocus/provider' {
  export class HocuspocusProviderWebsocket {
    constructor(options: { url: string; WebSocketPolyfill: unknown })
    connect(): Promise<unknown>
    on(event: 'disconnect', listener: () => void): void
    disconnect(): void
    destroy(): void
  }
  export class HocuspocusProvider {
    constructor(options: {
      websocketProvider: HocuspocusProviderWebsocket
      name: string
      document: import('yjs').Doc
    })
    readonly hasUnsyncedChanges: boolean
    attach(): void
    on(event: 'synced' | 'unsyncedChanges', listener: () => void): void
    off(event: 'unsyncedChanges', listener: () => void): void
    destroy(): void
  }
}
