import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { nextSession } from '@sigmasight/core/calendar'
import { enterTwoNights, EVENING } from '../../../../packages/core/test/batch/risk-world.ts'
import { session } from '../../../../packages/core/test/batch/batch-world.ts'
import { PortfolioWorld } from '../../../../packages/core/test/portfolios/portfolio-world.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { ApiWorld, UserCaller } from '../harness/api-world.ts'

const NEXT = nextSession(session(EVENING))
const NOW = `${EVENING}T22:00:00Z`

const NAMES = [
  'overview',
  'factor-exposures',
  'positions/factor-exposures',
  'stress-test',
  'correlation-matrix',
  'diversification-score',
  'volatility',
  'beta-calculated-90d',
  'beta-provider-1y',
  'beta-comparison',
  'sector-exposure',
  'concentration',
  'greeks',
  'performance',
  'pnl-explain',
  'spread-factors',
]

interface Answer<Data> {
  readonly portfolio_id: string
  readonly calculation_date: string | null
  readonly available: boolean
  readonly reason?: string
  readonly data: Data | null
  readonly data_quality: Readonly<Record<string, unknown>>
  readonly note?: string
}

let nights: PortfolioWorld
let world: ApiWorld
let owner: UserCaller
let [book, cash, fresh] = ['', '', '']
beforeAll(async () => {
  nights = await PortfolioWorld.create()
  await enterTwoNights(nights)
  await sql`
    insert into company_profiles (symbol, beta, sector) values ('AAA', 1.3, 'Energy'), ('BBB', 0.8, null)
  `.execute(nights.db)
  await nights.refresh(EVENING, { force: true })
  // Known symbols: nobody has to ask a provider for them.
  await sql`
    insert into symbol_universe (symbol) select distinct symbol from market_data_cache
  `.execute(nights.db)
  world = await ApiWorld.start({ store: nights.store, now: NOW })
  await untilReady(world)
  owner = await world.user()
  fresh = await nights.portfolio({ name: 'Fresh', equity: '1000', asOf: NEXT })
  await sql`update portfolios set user_id = ${owner.user.id}`.execute(nights.db)
  const { rows } = await sql<{ id: string; name: string }>`select id, name from portfolios`.execute(
    nights.db,
  )
  const idOf = (name: string) => rows.find((row) => row.name === name)?.id ?? ''
  ;[book, cash] = [idOf('Book'), idOf('Cash')]
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await nights[Symbol.asyncDispose]()
})

/** Before its cache is loaded a server's data have another version. */
const untilReady = ({ anybody }: ApiWorld) =>
  until('a loaded cache', async () => (await anybody.get('/health/ready')).status === 200)

const pathOf = (id: string, name: string) => `/api/v1/analytics/portfolio/${id}/${name}`

async function answerOf<Data = Record<string, unknown>>(
  id: string,
  name: string,
  caller = owner,
): Promise<Answer<Data>> {
  const { status, body, text } = await caller.get<Answer<Data>>(pathOf(id, name))
  if (status !== 200) throw new Error(`${name} answers ${status}: ${text}`)
  return body
}
async function dataOf<Data = Record<string, unknown>>(id: string, name: string): Promise<Data> {
  const { data, reason } = await answerOf<Data>(id, name)
  if (data === null) throw new Error(`${name} is not available: ${String(reason)}`)
  return data
}
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('the analytics of a book with shares, an option and a PRIVATE holding', () => {
  test.each(NAMES.filter((name) => name !== 'spread-factors'))('%s are there', async (name) => {
    expect(await answerOf(book, name)).toMatchObject({
      portfolio_id: book,
      calculation_date: EVENING,
      available: true,
      data_quality: { stale_positions: 0, missing_positions: 0 },
    })
  })

  test('overview has the snapshot as it is stored', async () => {
    const [stored] = await nights
      .snapshots(book, 'net_asset_value', 'gross_exposure', 'daily_pnl', 'cash_value')
      .then((rows) => rows.slice(-1))
    const data = await dataOf<Record<string, number>>(book, 'overview')
    expect([EVENING, data['net_asset_value'], data['gross_exposure']]).toEqual([
      stored?.[0],
      Number(stored?.[1]),
      Number(stored?.[2]),
    ])
    expect(data).toMatchObject({
      daily_pnl: Number(stored?.[3]),
      cash_value: Number(stored?.[4]),
      freshness: { sessions: 0, level: 'current', severity: 'ok' },
      unavailable: {},
    })
  })

  test('sector weights add up to gross over equity, dollars to gross', async () => {
    const data = await dataOf<{
      gross_exposure: number
      equity_balance: number
      sectors: { sector: string; weight: number; value: number }[]
    }>(book, 'sector-exposure')
    const { sectors, gross_exposure: gross, equity_balance: equity } = data
    expect(sum(sectors.map(({ weight }) => weight))).toBeCloseTo(gross / equity, 10)
    expect(sum(sectors.map(({ value }) => value))).toBeCloseTo(gross, 2)
    expect(sectors.map(({ sector }) => sector).sort()).toEqual([
      'Energy',
      'Options',
      'Private',
      'Unclassified',
    ])
  })

  test('the matrix of correlations is symmetric, and now with no limits has every listed symbol', async () => {
    interface Matrix {
      readonly symbols: string[]
      readonly matrix: number[][]
    }
    const { symbols, matrix } = await dataOf<Matrix>(book, 'correlation-matrix')
    expect(symbols).toEqual(['AAA', 'BBB'])
    expect(matrix[0]?.[1]).toBe(matrix[1]?.[0])
    expect([matrix[0]?.[0], matrix[1]?.[1]]).toEqual([1, 1])
    const none = 'correlation-matrix?min_weight=1&min_value=0'
    const now = await dataOf<Matrix & { positions_excluded: number }>(book, none)
    expect(now.symbols).toHaveLength(2)
    const asNightly = await dataOf<Matrix>(book, 'correlation-matrix?min_weight=0.01')
    // The night stores single precision.
    expect(asNightly.matrix[0]?.[1]).toBeCloseTo(matrix[0]?.[1] ?? NaN, 6)
  })

  test('each line of the explained P&L is there, and they add up to it', async () => {
    const { sessions } = await dataOf<{ sessions: Record<string, number>[] }>(book, 'pnl-explain')
    expect(sessions).toHaveLength(1)
    const [day = {}] = sessions
    const lines = ['trades', 'private_revaluations', 'option_time_value', 'rest']
    const factors = Object.values(day['factors'] ?? {}) as number[]
    const total = sum([...factors, ...lines.map((line) => day[line] ?? NaN)])
    expect(total).toBeCloseTo(day['daily_pnl'] ?? NaN, 2)
  })

  test('stress has every active scenario, its effect correlated less direct', async () => {
    const { scenarios } = await dataOf<{
      scenarios: { direct_pnl: number; correlated_pnl: number; correlation_effect: number }[]
    }>(book, 'stress-test')
    expect(scenarios).toHaveLength(20)
    for (const { direct_pnl, correlated_pnl, correlation_effect } of scenarios) {
      expect(correlated_pnl - direct_pnl).toBeCloseTo(correlation_effect, 2)
    }
  })

  test('positions inherit betas, an option by its leverage, a PRIVATE holding none', async () => {
    const { positions } = await dataOf<{
      positions: {
        symbol: string
        reason?: string
        factors: { name: string; beta: number }[]
        market_value: number
      }[]
    }>(book, 'positions/factor-exposures')
    const of = (start: string) => positions.find(({ symbol }) => symbol.startsWith(start))
    expect(of('AAA')?.factors).toMatchObject([{ beta: 1 }, { beta: 1 }])
    expect(of('STARTUP')).toMatchObject({ reason: 'no_public_positions', factors: [] })
    const { positions: greeks } = await dataOf<{
      positions: { greeks: { delta_dollars: number } }[]
    }>(book, 'greeks')
    const leverage = (greeks[0]?.greeks.delta_dollars ?? NaN) / (of('SPY')?.market_value ?? NaN)
    expect(of('SPY')?.factors[0]?.beta).toBeCloseTo(leverage, 10)
  })

  test('factors say how sure they are, which have no figures and what they cover', async () => {
    const { data, data_quality: quality } = await answerOf<{
      factors: { name: string; beta: number; exposure_dollar: number }[]
      equity_balance: number
    }>(book, 'factor-exposures')
    expect(data?.factors.map(({ name }) => name)).toEqual(['Market Beta (90D)', 'Momentum'])
    for (const { beta, exposure_dollar } of data?.factors ?? []) {
      expect(beta * (data?.equity_balance ?? NaN)).toBeCloseTo(exposure_dollar, 1)
    }
    expect(quality).toMatchObject({ coverage_pct: 100, quality_flag: 'full' })
    expect(quality['private_allocation_pct']).toBeGreaterThan(0)
    expect(await answerOf(book, 'spread-factors')).toMatchObject({
      available: false,
      reason: 'no_factor_exposures',
      data: null,
    })
  })

  test('are the same by the paths that name the portfolio in the query', async () => {
    for (const [path, name] of [
      ['factors', 'factor-exposures'],
      ['stress-tests', 'stress-test'],
    ] as const) {
      const { body } = await owner.get(`/api/v1/analytics/${path}?portfolio_id=${book}`)
      expect(body).toEqual(await answerOf(book, name))
    }
  })
})

describe('a portfolio of cash', () => {
  test.each(NAMES.filter((name) => !['overview', 'performance', 'pnl-explain'].includes(name)))(
    'says why it has no %s, and shows no zeros',
    async (name) => {
      expect(await answerOf(cash, name)).toMatchObject({
        available: false,
        reason: 'no_active_positions',
        calculation_date: EVENING,
        data: null,
        data_quality: { coverage_pct: null, quality_flag: 'none' },
      })
    },
  )

  test('has an overview, which names what is missing', async () => {
    const data = await dataOf(cash, 'overview')
    expect(data).toMatchObject({
      net_asset_value: 100_000,
      beta_calculated_90d: null,
      unavailable: { beta: 'no_active_positions', greeks: 'no_active_positions' },
    })
  })
})

describe('a portfolio without a snapshot', () => {
  test.each(NAMES)('has no %s yet', async (name) => {
    expect(await answerOf(fresh, name)).toMatchObject({
      available: false,
      reason: 'no_snapshot',
      calculation_date: null,
      data: null,
    })
  })
})

describe('whoever has no right to a portfolio', () => {
  test.each(NAMES)('gets 404 for its %s', async (name) => {
    const stranger = await world.user()
    const reply = await stranger.get(pathOf(book, name))
    expect(reply).toMatchObject({ status: 404, body: { code: 'PORTFOLIO_NOT_FOUND' } })
    expect(reply.text).not.toContain(EVENING)
  })

  test('gets 404 by the query too', async () => {
    const stranger = await world.user()
    for (const path of ['factors', 'stress-tests']) {
      const reply = await stranger.get(`/api/v1/analytics/${path}?portfolio_id=${book}`)
      expect(reply.status).toBe(404)
    }
  })
})

describe('bad input', () => {
  test.each([
    `/api/v1/analytics/factors`,
    `/api/v1/analytics/factors?portfolio_id=1`,
    `/api/v1/analytics/stress-tests?portfolio_id=00000000-0000-4000-8000-000000000000&x=1`,
    `/api/v1/analytics/portfolio/:id/pnl-explain?sessions=0`,
    `/api/v1/analytics/portfolio/:id/pnl-explain?sessions=253`,
    `/api/v1/analytics/portfolio/:id/correlation-matrix?min_weight=2`,
    `/api/v1/analytics/portfolio/:id/correlation-matrix?min_value=-1`,
    `/api/v1/analytics/portfolio/:id/overview?x=1`,
  ])('%s is refused', async (path) => {
    const reply = await owner.get(path.replace(':id', book))
    expect(reply).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })
})

describe('answers that were made before', () => {
  const outdated = async () => {
    const admin = await world.admin()
    const { body } = await admin.get<{ answers: Record<string, number> }>(
      '/api/v1/admin/cache/status',
    )
    return body.answers
  }

  test('are given again while nothing changes', async () => {
    await answerOf(book, 'volatility')
    const before = await outdated()
    await answerOf(book, 'volatility')
    const after = await outdated()
    expect(after).toMatchObject({ hits: (before['hits'] ?? 0) + 1, misses: before['misses'] })
  })

  test('are made anew at once when another server has edited the portfolio', async () => {
    await using other = await ApiWorld.start({ store: nights.store, now: NOW })
    const there = new UserCaller(other.url, owner.token, owner.user)
    await untilReady(other)
    const before = await answerOf(book, 'overview', there)
    await sql`
      update portfolio_snapshots set num_long_positions = 77
      where portfolio_id = ${book} and snapshot_date = ${EVENING}
    `.execute(nights.db)
    // Nobody tells of it: the answer of before stands.
    expect(await answerOf(book, 'overview', there)).toEqual(before)
    await owner.patch(`/api/v1/portfolios/${book}`, { description: 'edited' })
    expect(await answerOf(book, 'overview', there)).toMatchObject({
      data: { num_long_positions: 77 },
    })
  })
})

describe('two servers', () => {
  test('agree after each edit, whichever of them makes it', async () => {
    await using other = await ApiWorld.start({ store: nights.store, now: NOW })
    const callers = [owner, new UserCaller(other.url, owner.token, owner.user)]
    interface Overview {
      readonly num_positions: number
      readonly net_exposure: number
    }
    const overviews = () =>
      Promise.all(callers.map((caller) => answerOf<Overview>(cash, 'overview', caller)))
    await overviews()
    for (let lots = 1; lots <= 6; lots++) {
      const reply = await callers[lots % 2]?.post(`/api/v1/portfolios/${cash}/positions`, {
        symbol: 'AAA',
        quantity: 10,
        entry_price: 100 + lots,
        entry_date: EVENING,
      })
      expect(reply).toMatchObject({ status: 201, body: { recompute: { status: 'completed' } } })
      for (const { data } of await overviews()) {
        expect(data).toMatchObject({ num_positions: lots, net_exposure: 1_000 * lots })
      }
    }
  })
})

describe('while a run is at work', () => {
  test('a snapshot that has no analytics yet leaves those of the session before standing', async () => {
    await sql`
      insert into portfolio_snapshots
      select (jsonb_populate_record(s, jsonb_build_object(
        'id', gen_random_uuid(), 'snapshot_date', ${NEXT}::text, 'hhi', null, 'portfolio_delta', null,
        'beta_calculated_90d', null, 'realized_volatility_21d', null, 'sector_exposure', null))).*
      from portfolio_snapshots s where portfolio_id = ${book} and snapshot_date = ${EVENING}
    `.execute(nights.db)
    await sql`update portfolios set updated_at = now() where id = ${book}`.execute(nights.db)
    expect(await answerOf(book, 'overview')).toMatchObject({ calculation_date: NEXT })
    for (const name of ['concentration', 'stress-test', 'factor-exposures', 'correlation-matrix']) {
      expect(await answerOf(book, name)).toMatchObject({
        available: true,
        calculation_date: EVENING,
      })
    }
  })
})

describe('in maintenance', () => {
  test('everything can be read, with a note, and nothing edited', async () => {
    await using closed = await ApiWorld.start({
      store: nights.store,
      now: NOW,
      env: { MAINTENANCE_MODE: 'true' },
    })
    const there = new UserCaller(closed.url, owner.token, owner.user)
    const answer = await answerOf(cash, 'overview', there)
    expect(answer).toMatchObject({ available: true, note: expect.stringContaining('Maintenance') })
    expect(await answerOf(cash, 'overview')).not.toHaveProperty('note')
    const { headers } = await there.get(`/api/v1/portfolios/${cash}`)
    expect(headers.get('x-maintenance')).toContain('last complete snapshots')
    const edit = await there.patch(`/api/v1/portfolios/${cash}`, { name: 'other' })
    expect(edit).toMatchObject({ status: 503, body: { code: 'MAINTENANCE' } })
  })
})
