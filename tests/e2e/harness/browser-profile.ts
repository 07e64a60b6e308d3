import type { Browser, BrowserContext, Page } from 'playwright-core'
import { until } from '../../harness/until.ts'
import type { RunningApp } from './running-app.ts'
import { type BoardAsSeen, TeamMember } from './team-member.ts'

/** One browser profile with several tabs of the app, and its open websockets as the browser itself counts them. */
export class BrowserProfile {
  readonly name: string
  readonly context: BrowserContext
  readonly #member: TeamMember
  readonly #sockets = new Map<Page, number>()

  private constructor(name: string, member: TeamMember) {
    this.name = name
    this.#member = member
    this.context = member.context
    this.#watch(member.page)
    this.context.on('page', (page) => this.#watch(page))
  }

  /** Signs in and opens the board in so many tabs. */
  static async open(
    browser: Browser,
    app: RunningApp,
    which: 'first' | 'second',
    { name, tabs }: { name: string; tabs: number },
  ): Promise<BrowserProfile> {
    const member = await TeamMember.signIn(browser, app, which)
    const profile = new BrowserProfile(name, member)
    // The first page opened its socket before anybody counted.
    await member.page.reload()
    await member.boardIsOpen()
    for (let tab = 1; tab < tabs; tab++) await profile.openTab()
    return profile
  }

  #watch(page: Page) {
    this.#sockets.set(page, 0)
    const count = (by: number) => this.#sockets.set(page, (this.#sockets.get(page) ?? 0) + by)
    page.on('websocket', (socket) => {
      if (!socket.url().includes('/realtime/v1/')) return
      count(1)
      socket.on('close', () => count(-1))
    })
    page.on('close', () => this.#sockets.delete(page))
    page.on('crash', () => this.#sockets.delete(page))
    page.on('pageerror', (error) => this.#member.errors.push(error.message))
  }

  get errors(): readonly string[] {
    return this.#member.errors
  }

  get tabs(): readonly Page[] {
    return [...this.#sockets.keys()]
  }

  /** Open websockets, tab by tab. */
  get sockets(): readonly number[] {
    return [...this.#sockets.values()]
  }

  async openTab(): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(`${new URL(this.tabs[0]?.url() ?? '').origin}/w/norte-frio/tasks`)
    await this.in(page).boardIsOpen()
    return page
  }

  /** The person, acting in this tab from now on. */
  in(page: Page): TeamMember {
    this.#member.page = page
    return this.#member
  }

  /** The one tab that holds the websocket, once there is exactly one. */
  async leader(): Promise<Page> {
    await until(
      () => this.sockets,
      (open) => open.reduce((sum, one) => sum + one, 0) === 1,
      40_000,
    )
    const [found] = [...this.#sockets].find(([, open]) => open === 1) ?? []
    if (found === undefined) throw new Error(`no tab of ${this.name} leads`)
    return found
  }

  followersOf(leader: Page): readonly Page[] {
    return this.tabs.filter((page) => page !== leader)
  }

  async boards(): Promise<BoardAsSeen[]> {
    const seen: BoardAsSeen[] = []
    for (const page of this.tabs) seen.push(await this.in(page).board())
    return seen
  }
}

/** Waits until every tab of all these shows the same board. */
export async function allSeeTheSame(profiles: readonly BrowserProfile[]): Promise<void> {
  await until(
    async () => (await Promise.all(profiles.map((profile) => profile.boards()))).flat(),
    (boards) => new Set(boards.map((board) => JSON.stringify(board))).size === 1,
    60_000,
  )
}
