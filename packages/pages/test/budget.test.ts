import { expect, test } from '@jest/globals'
import { Browser } from './harness/browser.ts'
import { describeWithBrowser } from './harness/describe-with-browser.ts'
import { PORTFOLIO_ID, PORTFOLIO_ROUTES, USER } from './harness/portfolio-answers.ts'
import { StubServer } from './harness/stub-server.ts'
import { Visit } from './harness/visit.ts'

const SCRIPT_BYTES = 200_000
const INTERACTIVE_MS = 1_000
/** A machine may be busy with something else; a page that is too slow is so each time. */
const TRIES = 5

describeWithBrowser('the first view of a portfolio', () => {
  test('takes at most 200 kB of compressed script, and can be used within a second', async () => {
    await using stub = await StubServer.start(PORTFOLIO_ROUTES)
    const times: number[] = []
    const sizes: number[] = []
    while (times.length < TRIES && Math.min(...times) > INTERACTIVE_MS) {
      // A profile of its own each time, so that nothing is there already.
      await using browser = await Browser.start()
      const visit = await (await Visit.start(browser, stub.url)).signedInAs(USER)
      const scripts: Promise<number>[] = []
      visit.page.on('requestfinished', (request) => {
        if (request.resourceType() !== 'script') return
        scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
      })
      await visit.open(`/portfolio/${PORTFOLIO_ID}`)
      // Every part is answered and drawn, and the page is idle: from the moment the address was entered.
      times.push(
        await visit.page.evaluate<number>(
          'new Promise((idle) => requestIdleCallback(() => idle(performance.now())))',
        ),
      )
      sizes.push((await Promise.all(scripts)).reduce((sum, size) => sum + size, 0))
    }
    process.stdout.write(
      `first view of a portfolio: ${Math.max(...sizes)} bytes of script, usable after ${times.map(Math.round).join(', ')} ms\n`,
    )
    expect(Math.max(...sizes)).toBeLessThanOrEqual(SCRIPT_BYTES)
    expect(Math.min(...sizes)).toBeGreaterThan(10_000)
    expect(Math.min(...times)).toBeLessThanOrEqual(INTERACTIVE_MS)
  })
})
