import { type Browser, type BrowserContext, type Page } from 'playwright-core'
import type { RunningApp } from './running-app.ts'
import { until } from '../../harness/until.ts'

// A lost server is tried again after at most 30 s, give or take a fifth.
const patience = 60_000

/** Columns of the board as a person reads them: titles and what stands under them, in order. */
export type BoardAsSeen = Record<string, string[]>

/** A person of the demo workspace with a browser profile of their own. */
export class TeamMember {
  readonly context: BrowserContext
  page: Page
  readonly errors: string[] = []

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    this.#listen(page)
  }

  static async signIn(
    browser: Browser,
    app: RunningApp,
    which: 'first' | 'second',
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<TeamMember> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-US',
      timezoneId: 'America/Sao_Paulo',
      ...options,
    })
    const member = new TeamMember(context, await context.newPage())
    const suffix = which === 'first' ? '' : '_2'
    await member.page.goto(`${app.url}/sign-in`)
    await member.page.getByLabel('E-mail').fill(app.env[`DEMO_EMAIL${suffix}`] ?? '')
    await member.page.getByLabel('Password', { exact: true }).fill(app.env[`DEMO_PASSWORD${suffix}`] ?? '')
    await member.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await member.boardIsOpen()
    // From here on a reload needs no server.
    await member.page.getByText('Ready to work offline').waitFor({ timeout: 60_000 })
    return member
  }

  #listen(page: Page) {
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  async boardIsOpen() {
    await this.page.getByRole('heading', { name: 'Backlog' }).waitFor({ timeout: 30_000 })
  }

  /** Waits until the waterline says so; the words are what the person goes by. */
  async waterlineSays(words: RegExp) {
    await until(
      () => this.waterline(),
      (seen) => words.test(seen),
      patience,
    )
  }

  async waterline(): Promise<string> {
    const seen = await this.page.getByRole('contentinfo', { name: 'Sync' }).innerText()
    return seen.replaceAll(/\s+/g, ' ')
  }

  async addTask(line: string) {
    await this.page.keyboard.press('c')
    const input = this.page.getByRole('combobox', { name: 'New task' })
    await input.fill(line)
    await input.press('Enter')
    await this.page.keyboard.press('Escape')
  }

  card(title: string) {
    return this.page.getByRole('link', { name: title })
  }

  async openTask(title: string) {
    await this.card(title).first().click()
    await this.page.getByRole('textbox', { name: 'Title' }).waitFor()
  }

  async closeTask() {
    await this.page.getByRole('button', { name: 'Close', exact: true }).first().click()
    await this.page.getByRole('textbox', { name: 'Title' }).waitFor({ state: 'detached' })
  }

  async setTitle(from: string, to: string) {
    await this.openTask(from)
    const field = this.page.getByRole('textbox', { name: 'Title' })
    await field.fill(to)
    await field.press('Enter')
    await this.closeTask()
  }

  /** Chooses with the keyboard: the letter opens the menu of the field, then the option by its name. */
  async choose(title: string, key: string, option: string) {
    await this.card(title).first().focus()
    await this.page.keyboard.press(key)
    await this.page.getByRole('option', { name: option }).click()
  }

  async board(): Promise<BoardAsSeen> {
    return this.page.evaluate(() => {
      const columns: Record<string, string[]> = {}
      for (const column of document.querySelectorAll('section.col')) {
        const name = column.querySelector('h2')?.textContent ?? ''
        columns[name] = [...column.querySelectorAll('li[data-task]')].map((card) => {
          const copy = card.cloneNode(true)
          if (!(copy instanceof Element)) return ''
          for (const aside of copy.querySelectorAll('.sr, [data-here]')) aside.remove()
          return (copy.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
        })
      }
      return columns
    })
  }

  async titles(): Promise<string[]> {
    return this.page.locator('li[data-task] a[data-open]').evaluateAll((links) =>
      links.map((link) => {
        const words = [...link.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
        return words.map((node) => node.textContent).join('')
      }),
    )
  }

  async sees(title: string) {
    await this.card(title).first().waitFor({ timeout: patience })
  }
}

export async function seeTheSame(one: TeamMember, other: TeamMember) {
  await until(
    async () => [await one.board(), await other.board()],
    ([mine, theirs]) => JSON.stringify(mine) === JSON.stringify(theirs),
    patience,
  )
}
