import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { Browser } from './harness/browser.ts'
import { describeWithBrowser } from './harness/describe-with-browser.ts'
import { PORTFOLIO_ID, PORTFOLIO_ROUTES, USER } from './harness/portfolio-answers.ts'
import { problem, StubServer } from './harness/stub-server.ts'
import { Visit } from './harness/visit.ts'

const CSV = [
  'Symbol,Quantity,Entry Price Per Share,Entry Date',
  'AAPL,100,158.00,2024-01-15',
  'MSFT,many,340.00,2023-06-01',
  'GOOG,10,-1,2031-01-01',
  '',
].join('\r\n')
const FILE = { name: 'positions.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) }

const WRONG_ROWS = [
  { line: 3, symbol: 'MSFT', field: 'Quantity', code: 'POS_005', message: 'is not a number' },
  {
    line: 4,
    symbol: 'GOOG',
    field: 'Entry Price Per Share',
    code: 'POS_010',
    message: 'is not above 0',
  },
  { line: 4, symbol: 'GOOG', field: 'Entry Date', code: 'POS_014', message: 'is in the future' },
]
const UPLOADED = {
  portfolio_id: PORTFOLIO_ID,
  portfolio_name: 'Long/short growth',
  account_name: 'Main account',
  account_type: 'taxable',
  equity_balance: 1_000_000,
  positions_imported: 3,
  total_positions: 3,
  mode: 'v2_instant',
  status: 'ready',
  snapshot_date: '2026-01-06',
  net_asset_value: 1_000_000,
  pending_symbols: [],
  message: '3 positions imported.',
  next_step: '',
}

describeWithBrowser('the first page', () => {
  let browser: Browser
  let stub: StubServer
  let visit: Visit
  beforeAll(async () => {
    browser = await Browser.start()
  })
  afterAll(() => browser[Symbol.asyncDispose]())
  beforeEach(async () => {
    stub = await StubServer.start({
      ...PORTFOLIO_ROUTES,
      'GET /portfolios': { body: { portfolios: [] } },
    })
    visit = await Visit.start(browser, stub.url)
  })
  afterEach(async () => {
    expect(visit.foreign).toEqual([])
    await visit.close()
    await stub[Symbol.asyncDispose]()
  })

  /** A boundary of the form is as the browser makes it. */
  const sent = (field: string) =>
    new RegExp(`name="${field}"\\r\\n\\r\\n([^\\r]*)`).exec(stub.calls.at(-1) ?? '')?.[1]

  test('asks to sign in; what is wrong is said with its code', async () => {
    stub.change({ 'POST /auth/login': problem(401, 'LOGIN_FAILED') })
    await visit.open('/')
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('sign-in')
    await visit.page.getByLabel('E-mail').fill('ann@example.com')
    await visit.page.getByLabel('Password').fill('wrong')
    await visit.page.getByRole('button', { name: 'Sign in' }).click()
    expect(await visit.page.getByRole('alert').innerText()).toContain('LOGIN_FAILED')
    expect(visit.unexpectedErrors(401)).toEqual([])
  })

  test('opens an account; what is wrong stands at the fields', async () => {
    stub.change({
      'POST /auth/register': problem(400, 'VALIDATION_FAILED', {
        errors: [{ field: 'body.email', code: 'invalid_format', message: 'Is no e-mail.' }],
      }),
    })
    await visit.open('/')
    const { page } = visit
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.getByLabel('Name').fill('Ann Example')
    await page.getByLabel('E-mail').fill('ann@example')
    await page.getByLabel('Password').fill('long enough, this')
    await page.getByRole('button', { name: 'Create the account' }).click()
    const email = page.getByLabel('E-mail')
    await page.getByText('Is no e-mail.').waitFor()
    expect(await email.getAttribute('aria-invalid')).toBe('true')
    expect(await visit.seriousViolations()).toEqual([])
    stub.change({ 'POST /auth/register': { status: 201, body: USER } })
    await page.getByRole('button', { name: 'Create the account' }).click()
    await page.getByRole('heading', { name: 'Upload a portfolio' }).waitFor()
    await page.getByText('None yet.').waitFor()
    await visit.picture('home-empty')
  })

  test('shows what is wrong with a file beside its rows, and takes it when it is right', async () => {
    const errors = { errors: WRONG_ROWS, detail: 'The file has 3 errors.' }
    stub.change({ 'POST /portfolios': problem(400, 'PORT_008', errors) })
    await (await visit.signedInAs(USER)).open('/')
    const { page } = visit
    await page.getByLabel('Positions (CSV)').setInputFiles(FILE)
    await page.getByLabel('Portfolio name').fill('Long/short growth')
    await page.getByLabel('Account name').fill('Main account')
    await page.getByLabel('Equity (USD)').fill('$1,000,000.00')
    await page.getByRole('button', { name: 'Upload', exact: true }).click()
    await page.getByText('3 errors in the file. Nothing was imported.').waitFor()
    const lines = page.getByRole('region', { name: 'Lines of the file with errors' })
    const line = (number: string) =>
      lines
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: number, exact: true }) })
    expect(await line('3').innerText()).toMatch(
      /MSFT,many,340\.00,2023-06-01\s+✕ Quantity: is not a number POS_005/,
    )
    expect(await line('4').innerText()).toMatch(/GOOG,10,-1,2031-01-01[\s\S]*POS_010[\s\S]*POS_014/)
    expect(sent('equity_balance')).toBe('1000000.00')
    expect(await visit.seriousViolations()).toEqual([])
    await visit.picture('upload-errors')
    stub.change({ 'POST /portfolios': { status: 201, body: UPLOADED } })
    await page.getByRole('button', { name: 'Upload', exact: true }).click()
    await page.getByRole('heading', { name: 'Long/short growth' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/portfolio/${PORTFOLIO_ID}`)
    expect(visit.unexpectedErrors(400)).toEqual([])
  })

  test('takes a file that is dropped', async () => {
    stub.change({
      'POST /portfolios': {
        body: {
          ...UPLOADED,
          dry_run: true,
          portfolio_id: null,
          message: 'The file is good: 3 positions would be imported.',
        },
      },
    })
    await (await visit.signedInAs(USER)).open('/')
    const { page } = visit
    const dropped = await page.evaluateHandle(`(() => {
      const files = new DataTransfer()
      files.items.add(new File([${JSON.stringify(CSV)}], 'dropped.csv', { type: 'text/csv' }))
      return files
    })()`)
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped })
    await page.getByText(`dropped.csv · ${FILE.buffer.length} bytes`).waitFor()
    await page.getByRole('button', { name: 'Check only' }).click()
    await page.getByText('The file is good').waitFor()
    expect(stub.calls.at(-1)).toContain('filename="dropped.csv"')
  })

  test('says at the fields what is wrong with the form, and once what is wrong with neither', async () => {
    stub.change({
      'POST /portfolios': problem(409, 'PORT_001', {
        errors: [
          { field: 'account_name', code: 'PORT_001', message: 'You have an account of this name.' },
          { field: 'csv_file', code: 'PORT_007', message: 'There is no file.' },
        ],
      }),
    })
    await (await visit.signedInAs(USER)).open('/')
    const { page } = visit
    await page.getByRole('button', { name: 'Upload', exact: true }).click()
    await page.getByText('You have an account of this name.').waitFor()
    expect(await page.getByLabel('Account name').getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByText('There is no file.').count()).toBe(1)
    stub.change({ 'POST /portfolios': problem(503, 'NO_PRICE_DATA') })
    await page.getByRole('button', { name: 'Upload', exact: true }).click()
    await page.getByText('There are no market prices yet').waitFor()
    await page.getByText('You have an account of this name.').waitFor({ state: 'detached' })
    expect(visit.unexpectedErrors(409, 503)).toEqual([])
  })

  test('that cannot reach the server says so', async () => {
    await (await visit.signedInAs(USER)).open('/')
    await visit.page.route('**/api/v1/portfolios', (route) => route.abort('connectionrefused'))
    await visit.page.getByRole('button', { name: 'Upload', exact: true }).click()
    expect(await visit.page.getByRole('alert').innerText()).toMatch(
      /cannot be reached[\s\S]*UNREACHABLE/,
    )
  })

  test('can be used without a mouse, from signing in to the portfolio', async () => {
    stub.change({ 'POST /portfolios': { status: 201, body: UPLOADED } })
    await visit.open('/')
    const { page } = visit
    const { keyboard } = page
    await visit.tabTo('E-mail')
    await keyboard.type('ann@example.com')
    await visit.tabTo('Password')
    await keyboard.type('long enough, this')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Upload a portfolio' }).waitFor()
    await visit.tabTo('Positions (CSV)')
    const chooser = page.waitForEvent('filechooser')
    await keyboard.press('Space')
    await (await chooser).setFiles(FILE)
    await page.getByText(`positions.csv · ${FILE.buffer.length} bytes`).waitFor()
    await visit.tabTo('Portfolio name')
    await keyboard.type('Long/short growth')
    await visit.tabTo('Account name')
    await keyboard.type('Main account')
    await visit.tabTo('Account type')
    await keyboard.press('ArrowDown')
    await visit.tabTo('Equity (USD)')
    await keyboard.type('250000')
    await visit.tabTo('Upload')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Long/short growth' }).waitFor()
    expect(stub.calls.find((call) => call.startsWith('POST /portfolios'))).toMatch(
      /name="account_type"\r\n\r\nira/,
    )
    await visit.tabTo('Export positions')
    expect(visit.unexpectedErrors()).toEqual([])
  })
})
