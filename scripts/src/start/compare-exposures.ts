import { formatTable } from '@sigmasight/core/cli'
import type { Database } from '@sigmasight/core/database'
import type { SyntheticMarket } from '@sigmasight/core/market-data'
import type { Ticker } from '@sigmasight/core/symbols'

/** A band of two standard errors on either side holds the truth 95 times in 100. */
const BAND_ERRORS = 2

interface Exposure {
  readonly portfolioId: string
  readonly portfolio: string
  readonly factor: string
  readonly date: string
  readonly value: number
  readonly standardError: number | null
  readonly coverage: number | null
}

interface JudgedExposure {
  readonly exposure: Exposure
  readonly truth: number
}

/**
 * What each portfolio is exposed to, as estimated, with its band, beside the true value: Σ market value
 * (options: delta dollars) · true beta ÷ equity over the lots that the estimate counts too.
 */
export async function compareExposures(
  database: Database,
  market: SyntheticMarket,
): Promise<string> {
  const exposures = await selectExposures(database)
  const [first] = exposures
  if (first === undefined) return '\nNo portfolio has factor exposures yet.\n'
  const weights = await selectWeights(database)
  const rows = exposures.map((exposure) => {
    const truth = trueExposure(weights.get(exposure.portfolioId) ?? [], exposure.factor, market)
    return { exposure, truth }
  })
  const judged = rows
    .map(({ exposure, truth }) => isInBand(exposure, truth))
    .filter((is) => is !== null)
  return [
    `\nFactor exposures of ${first.date}: dollars per dollar of NAV +/- ${BAND_ERRORS} standard errors (true value)\n\n`,
    tableOf(rows),
    `\n${judged.filter(Boolean).length} of ${judged.length} bands hold the true value, * does not (about 95 in 100 should; fewer of the six\n`,
    'styles, whose ridge shrinks towards zero). Private holdings are in NAV alone; options count by their delta.\n',
    `Betas cover ${coverageOf(exposures)} of what is listed.\n`,
  ].join('')
}

/** A row a factor, a column a portfolio. */
function tableOf(rows: readonly JudgedExposure[]): string {
  const byFactor = Map.groupBy(rows, ({ exposure }) => exposure.factor)
  const portfolios = new Set(rows.map(({ exposure }) => exposure.portfolio))
  const table = [...byFactor].map(([factor, own]) => {
    const cells = own.map((judged) => [judged.exposure.portfolio, cellOf(judged)] as const)
    return { factor, ...Object.fromEntries(cells) }
  })
  return formatTable(table, ['factor', ...portfolios])
}

function cellOf({ exposure: { value, standardError }, truth }: JudgedExposure): string {
  const band = standardError === null ? 'unknown' : (BAND_ERRORS * standardError).toFixed(2)
  const mark = isInBand({ value, standardError }, truth) === false ? ' *' : ''
  return `${inTable(value)} +/- ${band} (${inTable(truth)})${mark}`
}

function inTable(value: number): string {
  return value.toFixed(2).padStart(5)
}

/** Null when there is no standard error. */
function isInBand(
  { value, standardError }: Pick<Exposure, 'value' | 'standardError'>,
  truth: number,
): boolean | null {
  return standardError === null ? null : Math.abs(value - truth) <= BAND_ERRORS * standardError
}

/** The smallest coverage of each portfolio's factors. */
function coverageOf(exposures: readonly Exposure[]): string {
  const byPortfolio = Map.groupBy(exposures, ({ portfolio }) => portfolio)
  return [...byPortfolio]
    .map(([portfolio, own]) => {
      const smallest = Math.min(...own.map(({ coverage }) => coverage ?? 0))
      return `${smallest.toFixed(1)}% (${portfolio})`
    })
    .join(', ')
}

/** The dollars of a symbol that a lot moves like, as a share of its portfolio's equity. */
interface Weight {
  readonly symbol: Ticker
  readonly weight: number
}

function trueExposure(weights: readonly Weight[], factor: string, market: SyntheticMarket): number {
  return weights.reduce((sum, { symbol, weight }) => {
    const beta = market.trueBetas(symbol)?.get(factor)
    return beta === undefined ? sum : sum + weight * beta
  }, 0)
}

async function selectExposures({ db }: Database): Promise<readonly Exposure[]> {
  const rows = await db
    .selectFrom('factor_exposures as e')
    .innerJoin('portfolios as f', 'f.id', 'e.portfolio_id')
    .innerJoin('factor_definitions as d', 'd.id', 'e.factor_id')
    .select(['f.id', 'f.name as portfolio', 'd.name as factor', 'e.calculation_date'])
    .select(['e.exposure_value', 'e.std_error', 'e.coverage_pct'])
    .where('e.calculation_date', '=', (query) =>
      query
        .selectFrom('factor_exposures')
        .select(({ fn }) => fn.max('calculation_date').as('newest')),
    )
    .where('f.deleted_at', 'is', null)
    .where('d.calculation_method', '<>', 'provider')
    .orderBy('f.name')
    .orderBy('f.id')
    .orderBy('d.display_order')
    .execute()
  return rows.flatMap(({ id, portfolio, factor, exposure_value: value, ...row }) =>
    value === null
      ? []
      : [
          {
            portfolioId: id,
            portfolio,
            factor,
            value,
            date: row.calculation_date,
            standardError: row.std_error,
            coverage: row.coverage_pct,
          },
        ],
  )
}

/** The lots that exposures count: listed, with a usable mark, options with Greeks. */
async function selectWeights({ db }: Database): Promise<ReadonlyMap<string, readonly Weight[]>> {
  const rows = await db
    .selectFrom('positions as p')
    .innerJoin('portfolios as f', 'f.id', 'p.portfolio_id')
    .leftJoinLateral(
      (query) =>
        query
          .selectFrom('position_greeks')
          .select('delta_dollars')
          .whereRef('position_id', '=', 'p.id')
          .orderBy('calculation_date', 'desc')
          .limit(1)
          .as('g'),
      (join) => join.onTrue(),
    )
    .select(['p.portfolio_id', 'p.symbol', 'p.underlying_symbol', 'p.investment_class'])
    .select(['p.market_value', 'g.delta_dollars', 'f.equity_balance'])
    .where('p.deleted_at', 'is', null)
    .where('p.investment_class', '<>', 'PRIVATE')
    .where('p.price_status', 'in', ['current', 'stale'])
    .where('p.market_value', '<>', '0')
    .execute()
  const weights = rows.flatMap((row): readonly (Weight & { readonly portfolioId: string })[] => {
    const isOption = row.investment_class === 'OPTIONS'
    const symbol = isOption ? row.underlying_symbol : row.symbol
    const dollars = isOption ? row.delta_dollars : Number(row.market_value)
    if (symbol === null || dollars === null) return []
    const weight = dollars / Number(row.equity_balance)
    return [{ portfolioId: row.portfolio_id, symbol, weight }]
  })
  return Map.groupBy(weights, ({ portfolioId }) => portfolioId)
}
