import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { Browser } from './harness/browser.ts'
import { describeWithBrowser } from './harness/describe-with-browser.ts'
import { OPS_ROUTES, RUNNING } from './harness/ops-answers.ts'
import { PORTFOLIO_ROUTES, USER } from './harness/portfolio-answers.ts'
import { problem, StubServer } from './harness/stub-server.ts'
import { Visit } from './harness/visit.ts'

const CURRENT = 'GET /admin/batch/run/current'
const NOW_RUNNING = { body: { ...RUNNING, runs: [RUNNING] } }

describeWithBrowser('the operations page', () => {
  let browser: Browser
  let stub: StubServer
  let visit: Visit
  beforeAll(async () => {
    browser = await Browser.start()
  })
  afterAll(() => browser[Symbol.asyncDispose]())
  beforeEach(async () => {
    stub = await StubServer.start({ ...PORTFOLIO_ROUTES, ...OPS_ROUTES })
    visit = await (await Visit.start(browser, stub.url)).signedInAs(USER)
  })
  afterEach(async () => {
    expect(visit.foreign).toEqual([])
    await visit.close()
    await stub[Symbol.asyncDispose]()
  })

  const panel = (name: string) => visit.page.getByRole('region', { name, exact: true })

  test('has the four panels, history, failures and data quality', async () => {
    await visit.open('/ops')
    expect(await panel('Batch status').innerText()).toMatch(
      /Symbol batch\s+● completed[\s\S]*took 3 min 37 s[\s\S]*4,009\s*3 failed[\s\S]*completed with warnings regression guard/,
    )
    expect(await panel('Onboarding').innerText()).toMatch(
      /31[\s\S]*0\.2 s[\s\S]*96\.8\s%[\s\S]*NEWCO for 12 s[\s\S]*ZZZQ no data provider knows/,
    )
    expect(await panel('Cache health').innerText()).toMatch(/99\.6\s%[\s\S]*91\.4\s%[\s\S]*108/)
    const alerts = await panel('Alerts').innerText()
    expect(alerts).toContain('fine Symbol batch has started by 21:15 ET')
    expect(alerts).toContain('warning Portfolio data is stale')
    expect(await panel('Sessions').getByRole('row', { name: /8 Jan/ }).innerText()).toContain(
      'short of correlations',
    )
    expect(await panel('Failures').innerText()).toContain('no provider knows the symbol')
    expect(await panel('Data quality').innerText()).toMatch(
      /1 of 1,193 symbols and 0 of 150 portfolios/,
    )
    expect(visit.unexpectedErrors()).toEqual([])
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('ops-light')
  })

  test('opens the log of a run', async () => {
    await visit.open('/ops')
    await visit.page.getByRole('button', { name: /^Log of Portfolio refresh/ }).click()
    await visit.page.getByText('1 portfolio failed').waitFor()
    expect(await visit.seriousViolations()).toEqual([])
  })

  test('starts a run with what was chosen, shows its progress by itself, cancels it', async () => {
    stub.change({
      'POST /admin/batch/run': () => {
        stub.change({ [CURRENT]: NOW_RUNNING })
        return { status: 202, body: { status: 'started' } }
      },
      'POST /admin/batch/run/current/cancel': () => {
        const stopping = { ...RUNNING, cancel_requested: true }
        stub.change({ [CURRENT]: { body: { ...stopping, runs: [stopping] } } })
        return {
          status: 202,
          body: { status: 'cancel_requested', batch_run_id: RUNNING.batch_run_id },
        }
      },
    })
    await visit.open('/ops')
    const { page } = visit
    await page.getByLabel('Job', { exact: true }).first().selectOption('symbol_batch')
    await page.getByLabel('From').fill('2026-01-05')
    await page.getByLabel('To', { exact: true }).fill('2026-01-09')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('Started. It shows under “Running now”.').waitFor()
    const running = panel('Running now')
    await running.getByRole('progressbar').waitFor()
    expect(stub.calls.find((call) => call.startsWith('POST /admin/batch/run '))).toBe(
      'POST /admin/batch/run ' +
        '{"job":"symbol_batch","reprocess":"missing","start_date":"2026-01-05","end_date":"2026-01-09","force":false}',
    )
    expect(await running.innerText()).toMatch(/41\.5 %[\s\S]*Prices · 612 of 1,480 done, 2 failed/)
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('ops-running')
    await running.getByRole('button', { name: 'Cancel symbol batch' }).click()
    await running.getByText('It stops after the unit of work under way.').waitFor()
    stub.change({ [CURRENT]: { body: { status: 'idle', message: '' } } })
    await running.getByText('Nothing is running.').waitFor()
    expect(visit.unexpectedErrors()).toEqual([])
  })

  test('says why a run was not started', async () => {
    stub.change({ 'POST /admin/batch/trigger/market-data': problem(409, 'BATCH_RUNNING') })
    await visit.open('/ops')
    await visit.page.getByRole('button', { name: 'Fetch missing prices' }).click()
    expect(await visit.page.getByRole('alert').innerText()).toContain('BATCH_RUNNING')
    expect(visit.unexpectedErrors(409)).toEqual([])
  })

  test('keeps what it knows when the server goes away, and says that it may be old', async () => {
    await visit.open('/ops')
    stub.change({ [CURRENT]: problem(503, 'DATABASE_UNAVAILABLE') })
    await visit.page.getByText('What runs now may be out of date').waitFor()
    expect(await panel('Running now').innerText()).toContain('Nothing is running.')
    expect(visit.unexpectedErrors(503)).toEqual([])
  })

  test('is for administrators', async () => {
    const other = await (
      await Visit.start(browser, stub.url)
    ).signedInAs({ ...USER, is_admin: false })
    await other.open('/ops')
    expect(await other.page.locator('main').innerText()).toContain('for administrators')
    expect(await other.page.getByRole('link', { name: 'Operations' }).count()).toBe(0)
    expect(stub.calls.filter((call) => call.includes('/admin/'))).toEqual([])
    await other.close()
  })
})

describeWithBrowser('the operations page on a phone, in the dark', () => {
  test('fits 360 pixels, everything readable', async () => {
    await using browser = await Browser.start({ width: 360, height: 740, colorScheme: 'dark' })
    await using stub = await StubServer.start({
      ...PORTFOLIO_ROUTES,
      ...OPS_ROUTES,
      [CURRENT]: NOW_RUNNING,
    })
    const visit = await (await Visit.start(browser, stub.url)).signedInAs(USER)
    await visit.open('/ops')
    expect(await visit.overflow()).toBe(0)
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('ops-phone-dark')
  })
})
