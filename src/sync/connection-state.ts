/** How this device stands with the server. Each member says who tries next. */
export type ConnectionState =
  /** The first join is under way, or one that was lost a moment ago is tried again. The engine retries. */
  | { readonly kind: 'starting' }
  /** The workspace's topic is joined and the pull that follows a join is done. Nothing to retry. */
  | { readonly kind: 'live'; readonly since: number }
  /** No join for ten seconds, but the server answers: asked every thirty seconds. The engine retries the join. */
  | { readonly kind: 'polling'; readonly since: number; readonly reason: string; readonly nextTryAt: number }
  /** No network, or no answer. The engine retries, and at once when the network or the page comes back. */
  | { readonly kind: 'offline'; readonly since: number; readonly nextTryAt: number }
  /** The session cannot be renewed. A person must sign in again; edits go on and stay on this device. */
  | { readonly kind: 'signed-out' }
  /** This person may not be here. Tried again when the page comes back, and when a person asks. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The app is older than the server. Reloading the app is the way on. */
  | { readonly kind: 'incompatible'; readonly message: string }
