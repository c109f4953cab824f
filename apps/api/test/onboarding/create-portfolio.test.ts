import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  uploadOf,
  EVENING,
  HEADER,
  KNOWN,
  NEVER_SEEN,
  OnboardingWorld,
} from './onboarding-world.ts'
import type { UserCaller } from '../harness/api-world.ts'

const UPLOAD = '/api/v1/onboarding/create-portfolio'

let world: OnboardingWorld
let ann: UserCaller

beforeAll(async () => {
  world = await OnboardingWorld.start()
  ann = await world.api.user()
})
afterAll(() => world[Symbol.asyncDispose]())

const LOTS = KNOWN.map((symbol, i) => `${symbol},${i % 2 === 0 ? 10 : -5},50.25,2025-03-0${i + 3}`)
const GOOD = [HEADER, ...LOTS].join('\n')

test('an upload of known symbols is answered with its snapshot, exposures, stress and concentration', async () => {
  const { status, body, headers } = await ann.form<Record<string, unknown>>(UPLOAD, uploadOf(GOOD))

  expect(status).toBe(201)
  expect(body).toMatchObject({
    portfolio_name: 'My Portfolio',
    account_type: 'taxable',
    equity_balance: 100000,
    positions_imported: 6,
    total_positions: 6,
    mode: 'v2_instant',
    status: 'ready',
    snapshot_date: EVENING,
    net_asset_value: 100000,
    pending_symbols: [],
  })
  const id = String(body['portfolio_id'])
  expect(headers.get('location')).toBe(`/api/v1/portfolios/${id}`)
  const [counts] = await world.batch.rows<Record<string, number>>(`
    select (select count(*) from factor_exposures where portfolio_id = '${id}') as exposures,
           (select count(*) from stress_test_results where portfolio_id = '${id}') as stress,
           (select count(*) from portfolio_snapshots
            where portfolio_id = '${id}' and is_complete and hhi is not null) as concentration,
           (select count(*) from batch_run_history
            where portfolio_id = '${id}' and source = 'onboarding' and status = 'completed'
              and job_type = 'symbol_onboarding' and completed_at is not null) as records`)
  expect(counts?.['exposures']).toBeGreaterThan(5)
  expect(counts?.['stress']).toBeGreaterThan(10)
  expect(counts).toMatchObject({ concentration: 1, records: 1 })
})

test('its steps are logged with who, what and how long, and told by its status', async () => {
  const { body } = await ann.form<Record<string, unknown>>(UPLOAD, uploadOf(GOOD))

  const id = String(body['portfolio_id'])
  const own = world.api.log.lines.filter(
    (line) => line.message === 'V2_ONBOARDING' && line['portfolio_id'] === id,
  )
  expect(own.map(({ step }) => step)).toEqual([
    'portfolio_created',
    'snapshot_created',
    'analytics_cached',
    'queued',
    'complete',
  ])
  for (const line of own) expect(line['user_id']).toBe(ann.user.id)
  const status = await ann.get(`/api/v1/onboarding/status/${id}`)
  expect(status.body).toMatchObject({
    portfolio_id: id,
    mode: 'v2_instant',
    status: 'completed',
    overall_progress: { phases_completed: 4, phases_total: 4, percent_complete: 100 },
    pending_symbols: [],
    failed_symbols: [],
  })
  const logs = await ann.get(`/api/v1/onboarding/status/${id}/logs?format=txt`)
  expect(logs.text).toMatch(/INFO 2025-07-10 snapshot_created completed in \d+ ms\n/)
})

test('the same upload is taken by POST /portfolios', async () => {
  const { status, body } = await ann.form('/api/v1/portfolios', uploadOf(GOOD))

  expect(status).toBe(201)
  expect(body).toMatchObject({ status: 'ready', positions_imported: 6 })
})

test('a dry run says what would be imported and creates nothing', async () => {
  const before = await portfolios()
  const csv = `${GOOD}\n${NEVER_SEEN},1,20,2025-05-05`

  const { status, body } = await ann.form(`${UPLOAD}?dry_run=true`, uploadOf(csv))

  expect(status).toBe(200)
  expect(body).toMatchObject({
    dry_run: true,
    portfolio_id: null,
    positions_imported: 0,
    total_positions: 7,
    status: 'partial',
    pending_symbols: [NEVER_SEEN],
  })
  expect(await portfolios()).toBe(before)
})

test('an account name may be used once by each user', async () => {
  const ben = await world.api.user()
  const form = uploadOf(GOOD, { account_name: 'Twice' })
  await ann.form(UPLOAD, form)
  const before = await portfolios()

  const again = await ann.form(UPLOAD, form)
  const another = await ben.form(UPLOAD, form)

  expect(again.status).toBe(409)
  expect(again.body).toMatchObject({ code: 'PORT_001' })
  expect(another.status).toBe(201)
  expect(await portfolios()).toBe(before + 1)
})

test('two uploads of one account name at the same moment make one portfolio', async () => {
  const form = uploadOf(GOOD, { account_name: 'At once' })

  const replies = await Promise.all([ann.form(UPLOAD, form), ann.form(UPLOAD, form)])

  expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
})

test.each([
  ['PORT_002', { portfolio_name: ' ' }],
  ['PORT_003', { portfolio_name: 'x'.repeat(256) }],
  ['PORT_004', { equity_balance: '' }],
  ['PORT_004', { equity_balance: '1e6' }],
  ['PORT_005', { equity_balance: '0' }],
  ['PORT_006', { equity_balance: '1000000000000.01' }],
  ['PORT_009', { account_type: 'pension' }],
  ['PORT_010', { account_name: '' }],
  ['PORT_011', { account_name: 'x'.repeat(256) }],
])('%s is answered to %j, and nothing is created', async (code, changes) => {
  const before = await portfolios()

  const { status, body } = await ann.form(UPLOAD, uploadOf(GOOD, changes))

  expect(status).toBe(400)
  expect(body).toMatchObject({ code, errors: [{ code }] })
  expect(await portfolios()).toBe(before)
})

test('PORT_007 is answered to a form without a file', async () => {
  const { csv_file: _file, ...fields } = uploadOf(GOOD)

  const { status, body } = await ann.form(UPLOAD, fields)

  expect(status).toBe(400)
  expect(body).toMatchObject({ code: 'PORT_007' })
})

test('PORT_008 lists every row that is wrong with its line, symbol and field', async () => {
  const csv = `${GOOD}\n# note\nALTO,0,1,2025-03-03\nBYTE,1,x,2025-02-30`

  const { status, body } = await ann.form(UPLOAD, uploadOf(csv))

  expect(status).toBe(400)
  expect(body).toMatchObject({
    code: 'PORT_008',
    errors: [
      { line: 9, symbol: 'ALTO', field: 'Quantity', code: 'POS_006' },
      { line: 10, symbol: 'BYTE', field: 'Entry Price Per Share', code: 'POS_009' },
      { line: 10, symbol: 'BYTE', field: 'Entry Date', code: 'POS_013' },
    ],
  })
})

test('a file above 10 MB is CSV_001', async () => {
  const content = new Uint8Array(10 * 1024 * 1024 + 1).fill(10)

  const { status, body } = await ann.form(UPLOAD, uploadOf(content))

  expect(status).toBe(400)
  expect(body).toMatchObject({ code: 'PORT_008', errors: [{ code: 'CSV_001' }] })
})

test('every kind of lot is stored as its row says', async () => {
  const csv = [
    'symbol,QUANTITY,entry price per share,Entry Date,Investment Class,Underlying Symbol,Strike Price,Expiration Date,Option Type,Exit Date,Exit Price Per Share,Market Value',
    'alto,-3.5,50,2025-03-03,,,,,,,,',
    'DYNA270115C00100000,2,4.5,2025-03-03,,,,,,,,',
    'whatever,-1,3,2025-03-03,OPTIONS,BYTE,62.5,2027-06-18,put,,,',
    'BYTE,10,50,2025-03-03,PUBLIC,,,,,2025-06-02,55.5,',
    'HOME_EQUITY 2,1,1000,2020-01-01,PRIVATE,,,,,,,1500.5',
  ].join('\r\n')

  const { body } = await ann.form<Record<string, unknown>>(UPLOAD, uploadOf(`\ufeff${csv}`))

  const lots = await world.batch.rows(`
    select symbol, position_type, investment_class, quantity::float8 as quantity, quantity_basis_date as basis,
           underlying_symbol, strike_price::float8 as strike, expiration_date as expiration,
           exit_date, entered_market_value::float8 as entered, price_status,
           (select jsonb_agg(jsonb_build_array(e.trade_date, e.quantity_closed, e.exit_price, e.realized_pnl))
            from position_realized_events e where e.position_id = p.id) as events
    from positions p where portfolio_id = '${String(body['portfolio_id'])}' order by symbol`)
  const plain = {
    underlying_symbol: null,
    strike: null,
    expiration: null,
    exit_date: null,
    entered: null,
    events: null,
    basis: EVENING,
  }
  expect(lots).toEqual([
    {
      ...plain,
      symbol: 'ALTO',
      position_type: 'SHORT',
      investment_class: 'PUBLIC',
      quantity: -3.5,
      price_status: 'current',
    },
    {
      ...plain,
      symbol: 'BYTE',
      position_type: 'LONG',
      investment_class: 'PUBLIC',
      quantity: 10,
      basis: '2025-06-02',
      exit_date: '2025-06-02',
      events: [['2025-06-02', 10, 55.5, 55]],
      price_status: 'current',
    },
    {
      ...plain,
      symbol: 'BYTE270618P00062500',
      position_type: 'SP',
      investment_class: 'OPTIONS',
      quantity: -1,
      underlying_symbol: 'BYTE',
      strike: 62.5,
      expiration: '2027-06-18',
      price_status: expect.any(String),
    },
    {
      ...plain,
      symbol: 'DYNA270115C00100000',
      position_type: 'LC',
      investment_class: 'OPTIONS',
      quantity: 2,
      underlying_symbol: 'DYNA',
      strike: 100,
      expiration: '2027-01-15',
      price_status: expect.any(String),
    },
    {
      ...plain,
      symbol: 'HOME_EQUITY 2',
      position_type: 'LONG',
      investment_class: 'PRIVATE',
      quantity: 1,
      entered: 1500.5,
      price_status: 'manual',
    },
  ])
})

test('another user sees neither status nor logs, and cannot calculate', async () => {
  const { body } = await ann.form<Record<string, unknown>>(UPLOAD, uploadOf(GOOD))
  const ben = await world.api.user()
  const id = String(body['portfolio_id'])

  const replies = await Promise.all([
    ben.get(`/api/v1/onboarding/status/${id}`),
    ben.get(`/api/v1/onboarding/status/${id}/logs`),
    ben.post(`/api/v1/portfolios/${id}/calculate`),
  ])

  expect(replies.map(({ status }) => status)).toEqual([404, 404, 404])
})

test('the template can be uploaded as it is', async () => {
  const template = await world.api.anybody.get('/api/v1/onboarding/csv-template')
  expect(template.headers.get('content-type')).toContain('text/csv')

  const { status, body } = await ann.form(`${UPLOAD}?dry_run=true`, uploadOf(template.text))

  expect(status).toBe(200)
  expect(body).toMatchObject({ total_positions: 5 })
})

async function portfolios(): Promise<number> {
  const [row] = await world.batch.rows<{ count: number }>('select count(*) from portfolios')
  return row?.count ?? -1
}
