import { formatTable } from '@sigmasight/core/cli'
import type { Database } from '@sigmasight/core/database'
import type { SyntheticMarket } from '@sigmasight/core/market-data'

interface Estimate {
  readonly symbol: string
  readonly factor: string
  readonly date: string
  readonly estimate: number
  readonly standardError: number
  readonly truth: number
}

/** Symbols whose every factor is shown; the others count in the summary. */
const SHOWN_SYMBOLS = 3

/**
 * The newest estimated betas beside the true ones: a few symbols in full, then for each factor how
 * far all symbols are off. About 95 % should lie within two standard errors, fewer for the ridge: it
 * shrinks towards zero, and its standard errors leave that bias out by definition.
 */
export async function compareBetas(database: Database, market: SyntheticMarket): Promise<string> {
  const estimates = await loadEstimates(database, market)
  const [first] = estimates
  if (first === undefined) return 'No betas yet: the market has no settled session.\n'
  return [
    `\nBetas of ${first.date}: estimates with standard errors beside the true values\n\n`,
    formatTable(shownRows(estimates)),
    '\nAll symbols, factor by factor (the ridge of the six styles shrinks towards zero)\n\n',
    formatTable(factorRows(estimates)),
  ].join('')
}

async function loadEstimates(
  { db }: Database,
  market: SyntheticMarket,
): Promise<readonly Estimate[]> {
  const rows = await db
    .selectFrom('symbol_factor_exposures as e')
    .innerJoin('factor_definitions as d', 'd.id', 'e.factor_id')
    .select(['e.symbol', 'd.name', 'e.calculation_date', 'e.beta_value', 'e.std_error'])
    .where('e.calculation_date', '=', (query) =>
      query
        .selectFrom('symbol_factor_exposures')
        .select(({ fn }) => fn.max('calculation_date').as('newest')),
    )
    .where('d.calculation_method', '<>', 'provider')
    .orderBy('e.symbol')
    .orderBy('d.display_order')
    .execute()
  return rows.flatMap((row) => {
    const truth = market.trueBetas(row.symbol)?.get(row.name)
    if (truth === undefined || row.std_error === null || row.std_error === 0) return []
    const { symbol, name: factor, calculation_date: date, beta_value: estimate } = row
    return [{ symbol, factor, date, estimate, standardError: row.std_error, truth }]
  })
}

function shownRows(estimates: readonly Estimate[]): readonly object[] {
  const shown = new Set([...new Set(estimates.map(({ symbol }) => symbol))].slice(0, SHOWN_SYMBOLS))
  return estimates
    .filter(({ symbol }) => shown.has(symbol))
    .map(({ symbol, factor, estimate, standardError, truth }) => ({
      symbol,
      factor,
      estimate: estimate.toFixed(3),
      'std error': standardError.toFixed(3),
      true: truth.toFixed(3),
      'off by (std errors)': ((estimate - truth) / standardError).toFixed(1),
    }))
}

function factorRows(estimates: readonly Estimate[]): readonly object[] {
  const byFactor = Map.groupBy(estimates, ({ factor }) => factor)
  return [...byFactor].map(([factor, own]) => {
    const errors = own.map(({ estimate, truth }) => Math.abs(estimate - truth))
    const within = own.filter(
      ({ estimate, truth, standardError }) => Math.abs(estimate - truth) <= 2 * standardError,
    )
    return {
      factor,
      symbols: own.length,
      'mean |error|': (errors.reduce((sum, error) => sum + error, 0) / own.length).toFixed(3),
      'mean std error': (
        own.reduce((sum, { standardError }) => sum + standardError, 0) / own.length
      ).toFixed(3),
      'within 2 std errors': `${((100 * within.length) / own.length).toFixed(0)}%`,
    }
  })
}
