import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { LIMIT_MS, type Browser } from './browser.ts'

const MOST_TABS = 80
const FOCUSED_NAME = `(() => {
  const at = document.activeElement
  return at?.labels?.[0]?.textContent ?? at?.getAttribute('aria-label') ?? at?.textContent ?? ''
})()`

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly help: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** A tab that remembers what should not have happened. */
export class Visit {
  readonly page: Page
  /** Errors on the console and thrown by scripts. */
  readonly errors: string[] = []
  /** Addresses that were asked for elsewhere. */
  readonly foreign: string[] = []
  readonly #origin: string

  private constructor(page: Page, origin: string) {
    this.page = page
    this.#origin = origin
  }

  static async start(browser: Browser, origin: string): Promise<Visit> {
    const page = await browser.context.newPage()
    page.setDefaultTimeout(LIMIT_MS)
    const visit = new Visit(page, origin)
    page.on('console', (message) => {
      if (message.type() === 'error')
        visit.errors.push(`${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => visit.errors.push(String(error)))
    page.on('request', (request) => {
      const isOwn = request.url().startsWith(`${origin}/`) || /^(?:blob|data):/.test(request.url())
      if (!isOwn) visit.foreign.push(request.url())
    })
    return visit
  }

  /** Somebody who has signed in before, in this tab. */
  async signedInAs(user: object, token = 'stub-token'): Promise<this> {
    const session = JSON.stringify(JSON.stringify({ token, user }))
    await this.page.addInitScript(`sessionStorage.setItem('sigmasight.session', ${session})`)
    return this
  }

  /** Opens a page of the server and waits until nothing is loading. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.#origin + path)
    await this.settled()
  }

  /** Waits until every part of the page shows an answer. */
  async settled(): Promise<void> {
    await this.page.locator('#app > main').waitFor()
    const unsettled = this.page.locator('.loading, .boot')
    while ((await unsettled.count()) > 0) await unsettled.first().waitFor({ state: 'detached' })
  }

  /** What the API was made to answer is logged by the browser as an error; it is none of the page's. */
  unexpectedErrors(...expectedStatuses: readonly number[]): readonly string[] {
    const expected = expectedStatuses.map((status) => `responded with a status of ${status}`)
    return this.errors.filter((error) => !expected.some((part) => error.includes(part)))
  }

  /** Serious and critical violations of accessibility rules, each with its first place. */
  async seriousViolations(): Promise<readonly string[]> {
    await this.page.evaluate(axe.source)
    const { violations } = await this.page.evaluate<AxeResult>('axe.run()')
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`,
      )
  }

  /** By how many pixels the page is wider than the window. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
  }

  /** Presses Tab until the element of that name has the focus, as somebody without a mouse does. */
  async tabTo(name: string): Promise<void> {
    for (let presses = 0; presses < MOST_TABS; presses++) {
      await this.page.keyboard.press('Tab')
      if ((await this.page.evaluate<string>(FOCUSED_NAME)).trim() === name) return
    }
    throw new Error(`Tab never came to ${name}`)
  }

  /** A picture for whoever looks into a failure, or wants to see the states: only where it is asked for. */
  async picture(name: string): Promise<void> {
    const folder = process.env['SIGMASIGHT_PICTURES']
    if (folder === undefined) return
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }

  close(): Promise<void> {
    return this.page.close()
  }
}
