import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Browser } from './harness/browser.ts'
import { describeWithBrowser } from './harness/describe-with-browser.ts'
import {
  analytic,
  lotWithoutPrice,
  OVERVIEW,
  PORTFOLIO,
  PORTFOLIO_ID,
  PORTFOLIO_ROUTES,
  positionsAnswer,
  snapshotsAnswer,
  STATUS,
  USER,
} from './harness/portfolio-answers.ts'
import { problem, StubServer, type StubRoutes } from './harness/stub-server.ts'
import { Visit } from './harness/visit.ts'

const PAGE = `/portfolio/${PORTFOLIO_ID}`
const OF_PORTFOLIO = `/portfolios/${PORTFOLIO_ID}`
const ANALYTICS = `/analytics/portfolio/${PORTFOLIO_ID}`
const STATUS_ROUTE = `GET /onboarding/status/${PORTFOLIO_ID}`
const OVERVIEW_ROUTE = `GET ${ANALYTICS}/overview`

describeWithBrowser('the page of a portfolio', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await Browser.start()
  })
  afterAll(() => browser[Symbol.asyncDispose]())

  /** The page over the answers of a good day, with changes. */
  async function open(changes: StubRoutes = {}) {
    const stub = await StubServer.start({ ...PORTFOLIO_ROUTES, ...changes })
    const visit = await (await Visit.start(browser, stub.url)).signedInAs(USER)
    await visit.page.goto(stub.url + PAGE)
    return {
      ...{ stub, visit, page: visit.page },
      async [Symbol.asyncDispose]() {
        await visit.close()
        await stub[Symbol.asyncDispose]()
      },
    }
  }

  test('shows value, P&L, exposures, stress, correlations and positions, and whose prices they rest on', async () => {
    await using opened = await open()
    const { visit, page } = opened
    await visit.settled()
    const text = await page.locator('main').innerText()
    expect(text).toContain('Prices of Tuesday 6 January 2026'.replace(/ 2026$/, ''))
    expect(text).toContain('$1,273,105.01')
    expect(text).toContain('−$4,318.27')
    expect(text).toContain('+$166,293.88')
    const images = page.locator('[role="img"]')
    expect(await images.count()).toBe(5)
    const summaries: (string | null)[] = []
    for (const image of await images.all()) summaries.push(await image.getAttribute('aria-label'))
    expect(summaries[0]).toMatch(/^Equity over 252 sessions, from \$1,000,000\.00 .* drawdown −\d/)
    expect(summaries[1]).toContain('Growth-Value Spread +0.61, strong tilt to VUG')
    expect(summaries[1]).toContain('Size Spread −0.11, no tilt')
    expect(summaries[2]).toContain('Market -35% −$312,400')
    expect(summaries[3]).toContain('Correlations of AAPL, MSFT')
    expect(await page.getByRole('row').filter({ hasText: 'Long call' }).innerText()).toContain(
      '+$22,280.00',
    )
    // Each band is drawn, and each factor with a standard error has one.
    expect(await images.nth(1).locator('line[marker-start], path[marker-start]').count()).toBe(12)
    expect(visit.unexpectedErrors()).toEqual([])
    expect(visit.foreign).toEqual([])
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('portfolio-light')
  })

  test('says the numbers of every drawing in a table, too', async () => {
    await using opened = await open()
    const { visit, page } = opened
    await visit.settled()
    for (const summary of await page.locator('details > summary').all()) await summary.click()
    const stress = page.getByRole('region', { name: 'Stress tests in numbers' })
    expect(await stress.getByRole('row', { name: /Market -10%/ }).innerText()).toMatch(
      /−\$88,300\s+−6\.9\s%\s+−\$82,119\s+7,064/,
    )
    const history = page.getByRole('region', { name: 'The last sessions in numbers' })
    expect(await history.getByRole('row').count()).toBe(31)
    expect(await visit.seriousViolations()).toEqual([])
  })

  test('shows where figures will be while they are read, and does not jump when they come', async () => {
    await using opened = await open({ [OVERVIEW_ROUTE]: { body: null, afterMs: Infinity } })
    const { page, visit } = opened
    const loading = page.getByText('The key figures: loading…')
    await loading.waitFor({ state: 'attached' })
    expect(await page.locator('.bone').count()).toBeGreaterThan(2)
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('portfolio-loading')
  })

  test('of a book that was never valued says so and offers to compute it', async () => {
    await using opened = await open({
      [OVERVIEW_ROUTE]: none('no_snapshot'),
      [`GET ${ANALYTICS}/factor-exposures`]: none('no_snapshot'),
      [`GET ${ANALYTICS}/stress-test`]: none('no_snapshot'),
      [`GET ${ANALYTICS}/correlation-matrix`]: none('no_snapshot'),
      [`GET ${OF_PORTFOLIO}/snapshots`]: { body: { portfolio_id: PORTFOLIO_ID, snapshots: [] } },
      [`GET ${OF_PORTFOLIO}/positions`]: { body: { portfolio_id: PORTFOLIO_ID, positions: [] } },
      [STATUS_ROUTE]: { body: { ...STATUS, status: 'not_started' } },
      [`POST ${OF_PORTFOLIO}/calculate`]: problem(503, 'NO_PRICE_DATA'),
    })
    const { visit, page, stub } = opened
    await visit.settled()
    const text = await page.locator('main').innerText()
    expect(text).toContain('No prices yet')
    expect(text).toContain('Because the portfolio has not been valued yet.')
    expect(text).toContain('The curve begins with the first one.')
    expect(text).toContain('There are no positions: all of the equity is cash.')
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('portfolio-empty')
    await page.getByRole('button', { name: 'Compute them now' }).click()
    await page.getByText('Nothing was started').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('NO_PRICE_DATA')
    expect(stub.calls).toContain(`POST ${OF_PORTFOLIO}/calculate`)
    expect(visit.unexpectedErrors(503)).toEqual([])
  })

  test('that is partial names what is on its way, and completes itself', async () => {
    const partial = {
      ...OVERVIEW,
      is_partial: true,
      positions_missing: 1,
      net_asset_value: 1_000_000.01,
    }
    await using opened = await open({
      [OVERVIEW_ROUTE]: analytic(partial),
      [STATUS_ROUTE]: { body: { ...STATUS, status: 'partial', pending_symbols: ['NEWCO'] } },
      [`GET ${OF_PORTFOLIO}/positions`]: positionsAnswer([lotWithoutPrice('NEWCO', 'pending')]),
    })
    const { visit, page, stub } = opened
    await visit.settled()
    const notice = page.getByRole('status').filter({ hasText: '1 new symbol on the way' })
    expect(await notice.innerText()).toContain('Nobody here has held NEWCO before')
    expect(await page.getByRole('row').filter({ hasText: 'NEWCO' }).innerText()).toContain(
      'being fetched',
    )
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('portfolio-partial')
    stub.change({
      [OVERVIEW_ROUTE]: analytic(OVERVIEW),
      [STATUS_ROUTE]: { body: STATUS },
      [`GET ${OF_PORTFOLIO}/positions`]: positionsAnswer(),
    })
    await page.getByText('$1,273,105.01').first().waitFor()
    await notice.waitFor({ state: 'detached' })
    await page.getByText('NEWCO', { exact: true }).waitFor({ state: 'detached' })
    expect(visit.unexpectedErrors()).toEqual([])
  })

  test('with a symbol that nobody knows says which and why', async () => {
    await using opened = await open({
      [STATUS_ROUTE]: {
        body: {
          ...STATUS,
          status: 'partial',
          failed_symbols: [{ symbol: 'NOWHERE', reason: 'all_providers_exhausted' }],
        },
      },
      [`GET ${OF_PORTFOLIO}/positions`]: positionsAnswer([
        lotWithoutPrice('NOWHERE', 'unavailable'),
      ]),
    })
    const { visit, page } = opened
    await visit.settled()
    const text = await page.locator('main').innerText()
    expect(text).toContain('No prices for 1 symbol')
    expect(text).toContain('NOWHERE: no data provider knows this symbol')
    expect(await page.getByRole('row').filter({ hasText: 'NOWHERE' }).innerText()).toContain(
      'no price',
    )
  })

  test('with old prices says how old, above everything', async () => {
    const freshness = { sessions: 2, level: 'stale_2d', severity: 'critical' }
    await using opened = await open({
      [OVERVIEW_ROUTE]: analytic(
        { ...OVERVIEW, freshness },
        { note: 'Maintenance: figures are of before.' },
      ),
      [`GET ${OF_PORTFOLIO}`]: {
        body: { ...PORTFOLIO, recompute: { status: 'running', from: '2025-03-03', sessions: 70 } },
      },
    })
    const { visit, page } = opened
    await visit.settled()
    const text = await page.locator('main').innerText()
    expect(text).toContain('2 sessions behind')
    expect(text).toContain('These figures are 2 sessions behind')
    expect(text).toContain('Maintenance: figures are of before.')
    expect(text).toContain('Being computed again after an edit: 70 sessions')
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('portfolio-stale')
  })

  test('with one part that fails shows the others, and that part again on demand', async () => {
    const route = `GET ${ANALYTICS}/stress-test`
    await using opened = await open({ [route]: problem(503, 'DATABASE_UNAVAILABLE') })
    const { visit, page, stub } = opened
    await visit.settled()
    const part = page.getByRole('region', { name: 'Stress tests', exact: true })
    expect(await part.innerText()).toMatch(/DATABASE_UNAVAILABLE[\s\S]*req-1/)
    expect(await page.locator('[role="img"]').count()).toBe(4)
    await visit.picture('portfolio-part-fails')
    stub.change({ [route]: PORTFOLIO_ROUTES[route] ?? problem(404, 'NOT_FOUND') })
    await part.getByRole('button', { name: 'Try again' }).click()
    await part.locator('[role="img"]').waitFor()
    expect(visit.unexpectedErrors(503)).toEqual([])
  })

  test('of a book without options, short history or sectors says for each figure why it is not there', async () => {
    const lacking = {
      ...OVERVIEW,
      ...{ expected_volatility_21d: null, beta_calculated_90d: null, sector_exposure: null },
      unavailable: { volatility: 'insufficient_observations', beta: 'insufficient_observations' },
    }
    await using opened = await open({
      [OVERVIEW_ROUTE]: analytic(lacking),
      [`GET ${ANALYTICS}/correlation-matrix`]: none('no_public_positions'),
      [`GET ${OF_PORTFOLIO}/snapshots`]: snapshotsAnswer(1),
    })
    const { visit, page } = opened
    await visit.settled()
    const text = await page.locator('main').innerText()
    expect(text).toContain('Not available: the holdings have too short a price history')
    expect(text).toContain('Not available: none of the open positions is listed on an exchange.')
    expect(text).toContain('One session so far, Tuesday 6 January')
    expect(visit.unexpectedErrors()).toEqual([])
    await visit.picture('portfolio-first-day')
  })

  test('of somebody else is no page', async () => {
    await using opened = await open({
      [`GET ${OF_PORTFOLIO}`]: problem(404, 'PORTFOLIO_NOT_FOUND'),
    })
    await opened.page.getByText('There is no such portfolio').waitFor()
    expect(await opened.page.getByRole('img').count()).toBe(0)
  })

  test('asks to sign in again when the session has ended, and is there afterwards', async () => {
    await using opened = await open({ [`GET ${OF_PORTFOLIO}`]: problem(401, 'TOKEN_EXPIRED') })
    const { visit, page, stub } = opened
    await page.getByText('Your session has ended.').waitFor()
    stub.change({ [`GET ${OF_PORTFOLIO}`]: { body: PORTFOLIO } })
    await page.getByLabel('E-mail').fill('ann@example.com')
    await page.getByLabel('Password').fill('long enough, this')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Long/short growth' }).waitFor()
    expect(visit.unexpectedErrors(401)).toEqual([])
  })

  test('sorts its positions by any column, by keyboard', async () => {
    await using opened = await open()
    const { visit, page } = opened
    await visit.settled()
    const first = () => page.locator('tbody tr .symbol').first().innerText()
    expect(await first()).toBe('AAPL')
    const header = page.getByRole('columnheader', { name: 'Unrealised P&L' })
    await header.getByRole('button').focus()
    await page.keyboard.press('Enter')
    expect([await first(), await header.getAttribute('aria-sort')]).toEqual(['NVDA', 'descending'])
    await page.keyboard.press('Enter')
    expect([await first(), await header.getAttribute('aria-sort')]).toEqual(['UNH', 'ascending'])
  })
})

describeWithBrowser('the page of a portfolio on a phone, in the dark', () => {
  test('fits 360 pixels, everything readable', async () => {
    await using browser = await Browser.start({ width: 360, height: 740, colorScheme: 'dark' })
    await using stub = await StubServer.start(PORTFOLIO_ROUTES)
    const visit = await (await Visit.start(browser, stub.url)).signedInAs(USER)
    await visit.open(PAGE)
    expect(await visit.overflow()).toBe(0)
    expect(await visit.seriousViolations()).toEqual([])
    // A row is a card there, in which each cell says what it is.
    expect(await visit.page.evaluate<string>(LABEL_OF_CELL)).toBe('"Quantity"')
    expect(
      await visit.page.getByRole('row').filter({ hasText: 'Apple' }).getByRole('cell').count(),
    ).toBe(5)
    await visit.picture('portfolio-phone-dark')
  })
})

const LABEL_OF_CELL = `getComputedStyle(document.querySelector('table.cards td'), '::before').content`

function none(reason: string) {
  return analytic(null, { calculation_date: null, reason })
}
