import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { FakeMarket } from '../../../../packages/fake-market/src/index.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { UserCaller } from '../harness/api-world.ts'
import { askedSymbols, envOf, startFakeYahoo, YOUNG } from './fake-yahoo.ts'
import {
  EVENING,
  HEADER,
  KNOWN,
  NEVER_SEEN,
  OnboardingWorld,
  uploadOf,
} from './onboarding-world.ts'

const UPLOAD = '/api/v1/onboarding/create-portfolio'
const GOOD = [HEADER, ...KNOWN.map((symbol) => `${symbol},10,50.25,2025-03-03`)].join('\n')
/** Others of the market that nobody has asked for. */
const OTHERS = ['HALO', 'JADE', 'LOOM', 'OKRA', 'QUAY', 'XENO', 'YARN', 'ZINC']

let market: FakeMarket
let world: OnboardingWorld
let ann: UserCaller

beforeEach(async () => {
  market = await startFakeYahoo()
  world = await OnboardingWorld.start({ env: envOf(market) })
  ann = await world.api.user()
})
afterEach(async () => {
  await world[Symbol.asyncDispose]()
  await market.stop()
})

interface Created {
  readonly portfolio_id: string
  readonly status: string
  readonly pending_symbols: readonly string[]
  readonly net_asset_value: number
}

interface Status {
  readonly status: string
  readonly pending_symbols: readonly string[]
  readonly failed_symbols: readonly { readonly symbol: string; readonly reason: string }[]
}

async function restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
  await world.restart(env)
  ann = new UserCaller(world.api.url, ann.token, ann.user)
}

async function upload(...rows: readonly string[]): Promise<Created> {
  const { status, body } = await ann.form<Created>(UPLOAD, uploadOf([GOOD, ...rows].join('\n')))
  expect(status).toBe(201)
  return body
}

async function statusOf(id: string): Promise<Status> {
  return (await ann.get<Status>(`/api/v1/onboarding/status/${id}`)).body
}

/** What "seconds later" may be at most. */
const SECONDS_LATER_MS = 15_000

/** The status of a portfolio when it is so. */
function statusWhen(id: string, isSo: (status: Status) => boolean): Promise<Status> {
  return until('the status of its symbols', () => statusOf(id), isSo)
}

async function snapshotOf(id: string) {
  const rows = await world.batch.rows<Record<string, unknown>>(`
    select snapshot_date as date, is_partial, positions_missing, long_value::float8 as long_value
    from portfolio_snapshots where portfolio_id = '${id}'`)
  return rows
}

test('a symbol that nobody held is ready seconds later, and the snapshot has it', async () => {
  const created = await upload(`${NEVER_SEEN},7,20,2025-05-05`)
  const uploaded = performance.now()

  expect(created).toMatchObject({ status: 'partial', pending_symbols: [NEVER_SEEN] })
  const ready = await statusWhen(created.portfolio_id, ({ status }) => status === 'completed')
  expect(performance.now() - uploaded).toBeLessThan(SECONDS_LATER_MS)
  expect(ready).toMatchObject({ status: 'completed', pending_symbols: [], failed_symbols: [] })
  const symbol = await ann.get(`/api/v1/symbols/${NEVER_SEEN.toLowerCase()}/status`)
  expect(symbol.body).toMatchObject({ symbol: NEVER_SEEN, status: 'ready', estimated_seconds: 0 })
  const snapshots = await until(
    'a whole snapshot',
    () => snapshotOf(created.portfolio_id),
    (rows) => rows.every((row) => row['positions_missing'] === 0),
  )
  expect(snapshots).toMatchObject([{ date: EVENING, is_partial: false, positions_missing: 0 }])
  expect(await lotOf(created.portfolio_id)).toMatchObject({ price_status: 'current' })
  expect(askedSymbols(market)).toEqual([NEVER_SEEN])
})

async function lotOf(id: string) {
  const [lot] = await world.batch.rows<Record<string, unknown>>(
    `select price_status, last_price from positions where portfolio_id = '${id}' and symbol = '${NEVER_SEEN}'`,
  )
  return lot
}

test('known symbols ask no provider anything', async () => {
  const { status } = await upload()

  expect(status).toBe('ready')
  expect(market.requests).toEqual([])
})

test('a symbol that no provider knows is shown as failed, and left alone for a day', async () => {
  const { portfolio_id: id } = await upload('NOWHERE,1,20,2025-05-05')
  const failed = await statusWhen(id, ({ failed_symbols: symbols }) => symbols.length > 0)
  expect(failed).toMatchObject({
    status: 'partial',
    pending_symbols: [],
    failed_symbols: [{ symbol: 'NOWHERE', reason: 'all_providers_exhausted' }],
  })
  const asked = market.requests.length

  await restart()
  const again = await upload()

  expect(again.status).toBe('ready')
  expect(await statusOf(id)).toMatchObject({ failed_symbols: [{ symbol: 'NOWHERE' }] })
  const symbol = await ann.get('/api/v1/symbols/NOWHERE/status')
  expect(symbol.body).toMatchObject({ status: 'error', reason: 'all_providers_exhausted' })
  expect(market.requests.length).toBe(asked)
})

test('calculate tries a failed symbol again, and is completed at once when nothing is lacking', async () => {
  const whole = await upload()
  const lacking = await upload('NOWHERE,1,20,2025-05-05')
  await statusWhen(lacking.portfolio_id, ({ failed_symbols: symbols }) => symbols.length > 0)
  const asked = market.requests.length

  const nothing = await ann.post(`/api/v1/portfolios/${whole.portfolio_id}/calculate`)
  const something = await ann.post(`/api/v1/portfolios/${lacking.portfolio_id}/calculate`)

  expect([nothing.status, nothing.body]).toMatchObject([200, { status: 'completed' }])
  expect([something.status, something.body]).toMatchObject([202, { status: 'started' }])
  await until('another request', () => market.requests.length > asked)
})

test('a symbol with too little history for factors is ready all the same', async () => {
  const { portfolio_id: id, pending_symbols: pending } = await upload(`${YOUNG},3,40,2025-07-08`)

  expect(pending).toEqual([YOUNG])
  const ready = await statusWhen(id, ({ status }) => status === 'completed')
  expect(ready).toMatchObject({ status: 'completed', failed_symbols: [] })
  const factors = await world.batch.rows(
    `select d.name from symbol_factor_exposures e join factor_definitions d on d.id = e.factor_id
     where e.symbol = '${YOUNG}'`,
  )
  // That one is the vendor's word, for which no price is needed.
  expect(factors).toEqual([{ name: 'Provider Beta (1Y)' }])
})

test('a restart with a full queue loses no symbol', async () => {
  market.setScript({ rules: [{ match: { endpoint: 'chart' }, fault: { kind: 'timeout' } }] })
  const env = { SYMBOL_ONBOARDING_MAX_QUEUE: '2', SYMBOL_ONBOARDING_CONCURRENCY: '1' }
  await restart(env)
  const rows = OTHERS.map((symbol) => `${symbol},3,40,2025-04-04`)

  const created = await upload(...rows)

  expect([...created.pending_symbols].sort()).toEqual(OTHERS)
  const waiting = await ann.get('/api/v1/symbols/ZINC/status')
  expect(waiting.body).toMatchObject({ status: 'pending' })
  market.setScript({})
  await restart(env)
  const ready = await statusWhen(created.portfolio_id, ({ status }) => status === 'completed')
  expect(ready).toMatchObject({ status: 'completed', pending_symbols: [], failed_symbols: [] })
})

test('an option needs its contract and its underlying', async () => {
  const { pending_symbols: pending } = await upload(`${NEVER_SEEN}270115C00100000,1,2,2025-05-05`)

  // No provider of this server knows contracts, so that one is not on its way for long.
  expect(pending).toEqual([NEVER_SEEN, `${NEVER_SEEN}270115C00100000`])
})

test('what nobody holds and nobody knows is unknown; what is no symbol is refused', async () => {
  const unknown = await ann.get('/api/v1/symbols/ELSEWHERE/status')
  const noSymbol = await ann.get('/api/v1/symbols/a%20b/status')

  expect(unknown.body).toMatchObject({ status: 'unknown', estimated_seconds: null })
  expect([noSymbol.status, noSymbol.body]).toMatchObject([400, { code: 'INVALID_SYMBOL' }])
})
