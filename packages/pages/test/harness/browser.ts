import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'

export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** What anything may take in a browser on a machine that is busy with other things. */
export const LIMIT_MS = 90_000

/** Nothing but what a page asks for: no updates, no reports, no first-run page. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** How somebody looks at the pages. */
export interface Viewer {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** Chromium with a profile of its own, which is deleted with it. */
export class Browser implements AsyncDisposable {
  readonly context: BrowserContext
  readonly #profile: string

  private constructor(context: BrowserContext, profile: string) {
    this.context = context
    this.#profile = profile
  }

  static async start(viewer: Viewer = {}): Promise<Browser> {
    const { width = 1280, height = 900, colorScheme = 'light' } = viewer
    const profile = await mkdtemp(join(tmpdir(), 'sigmasight-browser-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      headless: true,
      args: QUIET,
      viewport: { width, height },
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'America/New_York',
      acceptDownloads: true,
      timeout: LIMIT_MS,
    })
    return new Browser(context, profile)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
    // Its last processes may still write there.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}
