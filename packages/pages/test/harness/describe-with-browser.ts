import { existsSync } from 'node:fs'
import { describe, test } from '@jest/globals'
import { CHROMIUM } from './browser.ts'

const isRequired = process.env['SIGMASIGHT_REQUIRE_BROWSER'] === '1'

/**
 * A describe block that needs Chromium. Without it the block is skipped under a title that says so, or fails
 * when `SIGMASIGHT_REQUIRE_BROWSER=1`, as it is where everything is checked.
 */
export function describeWithBrowser(title: string, body: () => void): void {
  if (existsSync(CHROMIUM)) describe(title, body)
  else if (isRequired) {
    test(`${title}: Chromium`, () => {
      throw new Error(`SIGMASIGHT_REQUIRE_BROWSER=1, but there is no ${CHROMIUM}`)
    })
  } else describe.skip(`SKIPPED, no Chromium at ${CHROMIUM}: ${title}`, body)
}
