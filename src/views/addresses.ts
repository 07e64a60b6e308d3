/** Every address of the app, written in one place. */
export const rooms = ['inbox', 'tasks', 'office', 'channels'] as const
export type Room = (typeof rooms)[number]

export function roomPath(workspace: { slug: string }, room: Room | 'settings'): string {
  return `/w/${workspace.slug}/${room}`
}

export const settingsPages = ['profile', 'appearance', 'sync', 'members', 'about'] as const
export type SettingsPage = (typeof settingsPages)[number]

export function settingsPath(workspace: { slug: string }, page: SettingsPage): string {
  return `/w/${workspace.slug}/settings/${page}`
}

/** `back` is where the person was; after signing in they are there again. */
export function signInPath(back?: string): string {
  return back === undefined || back === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(back)}`
}

export function signUpPath(back?: string): string {
  return back === undefined ? '/sign-up' : `/sign-up?back=${encodeURIComponent(back)}`
}

export function invitationPath(token: string): string {
  return `/invite/${token}`
}

/** Only an address of our own: a link from outside must not lead away after the sign-in. */
export function safeBack(back: string | string[] | undefined): string | undefined {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : undefined
}
