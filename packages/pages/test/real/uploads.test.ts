import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createSyntheticMarket, DEMO_SEED } from '../../../core/src/market-data/index.ts'
import { withHeldTable } from '../../../core/test/harness/held-table.ts'
import { envOf } from '../../../../apps/api/test/onboarding/fake-yahoo.ts'
import {
  HEADER,
  KNOWN,
  NEVER_SEEN,
  NOW,
  OnboardingWorld,
} from '../../../../apps/api/test/onboarding/onboarding-world.ts'
import { syntheticSource } from '../../../../scripts/src/fake-market/synthetic-source.ts'
import { startFakeMarket, type FakeMarket } from '../../../fake-market/src/index.ts'
import { openPages } from '../../src/index.ts'
import { Browser } from '../harness/browser.ts'
import { describeWithBrowser } from '../harness/describe-with-browser.ts'
import { Visit } from '../harness/visit.ts'

const PASSWORD = 'long enough, this'
const GOOD = [
  HEADER,
  ...KNOWN.map((symbol, i) => `${symbol},${i % 3 === 2 ? -40 : 100},50.25,2025-03-03`),
]

/** Opens an account and uploads a file, as somebody who comes for the first time does. */
async function uploadAs(visit: Visit, email: string, lines: readonly string[]): Promise<void> {
  const { page } = visit
  await visit.open('/')
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('Ann Example')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create the account' }).click()
  await page.getByLabel('Portfolio name').fill('First book')
  await page.getByLabel('Account name').fill('Main account')
  await page.getByLabel('Equity (USD)').fill('100,000.00')
  await send(visit, lines)
}

async function send({ page }: Visit, lines: readonly string[]): Promise<void> {
  const buffer = Buffer.from(`${lines.join('\r\n')}\r\n`)
  const file = { name: 'positions.csv', mimeType: 'text/csv', buffer }
  await page.getByLabel('Positions (CSV)').setInputFiles(file)
  await page.getByText(`positions.csv · ${buffer.length} bytes`).waitFor()
  await page.getByRole('button', { name: 'Upload', exact: true }).click()
}

describeWithBrowser('the pages over the API, in V2', () => {
  let market: FakeMarket
  let world: OnboardingWorld
  let browser: Browser
  let visit: Visit
  /** Lets the market answer about the symbol that nobody has asked for yet. */
  let release: () => void

  beforeAll(async () => {
    const released = new Promise<void>((done) => (release = done))
    const source = syntheticSource(createSyntheticMarket({ seed: DEMO_SEED }))
    market = await startFakeMarket({
      source: {
        ...source,
        async bars(symbol) {
          if (symbol === NEVER_SEEN) await released
          return source.bars(symbol)
        },
      },
      now: () => new Date(NOW),
      random: () => 0.5,
    })
    world = await OnboardingWorld.start({ env: envOf(market), pages: await openPages() })
    browser = await Browser.start()
  })
  afterAll(async () => {
    release()
    await browser[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
    await market.stop()
  })
  beforeEach(async () => {
    visit = await Visit.start(browser, world.api.url)
  })
  afterEach(async () => {
    expect(visit.foreign).toEqual([])
    await visit.close()
  })

  test('an upload is a portfolio with its figures at once', async () => {
    await uploadAs(visit, 'ann@example.com', GOOD)
    const { page } = visit
    await page.getByRole('heading', { name: 'First book' }).waitFor()
    await visit.settled()
    expect(new URL(page.url()).pathname).toMatch(/^\/portfolio\/[\w-]{36}$/)
    const text = await page.locator('main').innerText()
    expect(text).toMatch(/Prices of Thursday 10 July 2025\s+●\s+current/)
    expect(text).toContain('$100,000.00')
    for (const symbol of KNOWN) expect(text).toContain(symbol)
    for (const name of [
      'Factor exposures',
      'Stress tests',
      'Correlations',
      'Sectors and concentration',
    ]) {
      const part = page.getByRole('region', { name, exact: true })
      expect(await part.locator('[role="img"]').count()).toBe(1)
    }
    expect(visit.unexpectedErrors()).toEqual([])
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('real-v2')

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export positions' }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe('First_book-positions.csv')
    const exported = await readFile(await file.path(), 'utf8')
    expect(exported.split('\r\n')[0]).toMatch(/^Symbol,Quantity,/)
    expect(exported.trim().split('\r\n')).toHaveLength(1 + KNOWN.length)

    await page.getByRole('link', { name: 'Portfolios' }).click()
    await page.getByRole('link', { name: /First book/ }).waitFor()
    await page.reload()
    await page.getByRole('link', { name: /First book/ }).waitFor()
    expect(visit.unexpectedErrors()).toEqual([])
  })

  test('a wrong file is answered beside its rows, and nothing is there afterwards', async () => {
    const wrong = ['FERN,ten,20,2025-03-03', 'GOOD CO,1,-20,2031-01-01']
    await uploadAs(visit, 'bob@example.com', [...GOOD, '# a remark', ...wrong])
    const { page } = visit
    const lines = page.getByRole('region', { name: 'Lines of the file with errors' })
    await lines.waitFor()
    const first = 1 + GOOD.length + 1
    const rows = await lines.getByRole('row').allInnerTexts()
    const own = (line: number) => rows.find((row) => row.startsWith(String(line))) ?? ''
    expect(own(first)).toMatch(/FERN,ten,20,2025-03-03[\s\S]*Quantity[\s\S]*POS_005/)
    expect(own(first + 1)).toMatch(
      /GOOD CO,1,-20,2031-01-01[\s\S]*POS_003[\s\S]*POS_010[\s\S]*POS_014/,
    )
    expect(await page.getByRole('alert').innerText()).toContain('PORT_008')
    await page.getByText('None yet.').waitFor()
    expect(visit.unexpectedErrors(400)).toEqual([])
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('real-wrong-file')

    await send(visit, GOOD)
    await page.getByRole('heading', { name: 'First book' }).waitFor()
  })

  test('a portfolio with a symbol that nobody held is partial, and becomes whole while one looks', async () => {
    await uploadAs(visit, 'eve@example.com', [...GOOD, `${NEVER_SEEN},7,20,2025-05-05`])
    const { page } = visit
    const notice = page.getByText('1 new symbol on the way')
    await notice.waitFor()
    await visit.settled()
    const row = page.getByRole('row').filter({ hasText: NEVER_SEEN })
    await row.getByText('being fetched').waitFor()
    await visit.picture('real-partial')
    release()
    await row.getByText('current').waitFor()
    await notice.waitFor({ state: 'detached' })
    expect(await row.innerText()).toMatch(/\$\d/)
    expect(visit.unexpectedErrors()).toEqual([])
  })

  test('the portfolio of somebody else is none', async () => {
    await uploadAs(visit, 'mal@example.com', GOOD)
    await visit.page.getByRole('heading', { name: 'First book' }).waitFor()
    const path = new URL(visit.page.url()).pathname
    const other = await world.api.user()
    const stranger = await Visit.start(browser, world.api.url)
    await stranger.signedInAs({ ...other.user, full_name: 'Other', is_admin: false }, other.token)
    await stranger.page.goto(world.api.url + path)
    await stranger.page.getByText('There is no such portfolio').waitFor()
    await stranger.close()
  })
})

describeWithBrowser('the pages over the API, in legacy mode', () => {
  test('an upload goes through the progress of its run to the portfolio', async () => {
    const env = { BATCH_V2_ENABLED: 'false', LOG_LEVEL: 'error' }
    await using world = await OnboardingWorld.start({ env, pages: await openPages() })
    await using browser = await Browser.start()
    const visit = await Visit.start(browser, world.api.url)
    const { page } = visit
    const lines = [HEADER, 'ALTO,10,50,2025-07-01', 'GATE,5,30,2025-07-03']
    // So that its run cannot be through before one looks.
    await withHeldTable(world.batch.db, 'portfolio_snapshots', async () => {
      await uploadAs(visit, 'ann@example.com', lines)
      await page.getByRole('progressbar', { name: 'Progress of the computation' }).waitFor()
      expect(new URL(page.url()).pathname).toMatch(/\/progress$/)
      expect(await visit.seriousViolations()).toEqual([])
      await visit.picture('real-progress')
    })
    await page.getByText('Prices of Thursday 10 July 2025').waitFor()
    await visit.settled()
    expect(new URL(page.url()).pathname).not.toMatch(/\/progress$/)
    const curve = page.getByRole('region', { name: 'Equity and drawdown' }).locator('[role="img"]')
    expect(await curve.getAttribute('aria-label')).toMatch(
      /^Equity over 7 sessions, .* to \$100,000\.00 on/,
    )
    expect(visit.unexpectedErrors()).toEqual([])
    expect(visit.foreign).toEqual([])
  })
})
