import { sql, type QueryExecutorProvider } from 'kysely'

interface Definition {
  readonly name: string
  readonly type: 'market' | 'style' | 'macro'
  readonly method: string
  readonly proxy: string | null
  readonly short: string | null
  readonly window: number
  readonly minimum: number
}

const style = (name: string, proxy: string): Definition => ({
  name,
  type: 'style',
  method: 'ridge_regression',
  proxy,
  short: null,
  window: 90,
  minimum: 30,
})

const spread = (name: string, proxy: string, short: string): Definition => ({
  name,
  type: 'style',
  method: 'spread_regression',
  proxy,
  short,
  window: 180,
  minimum: 60,
})

/** The factors of a new installation, in display order. */
const DEFINITIONS: readonly Definition[] = [
  {
    name: 'Market Beta (90D)',
    type: 'market',
    method: 'ols_market',
    proxy: 'SPY',
    short: null,
    window: 90,
    minimum: 30,
  },
  {
    name: 'Provider Beta (1Y)',
    type: 'market',
    method: 'provider',
    proxy: null,
    short: null,
    window: 252,
    // A provider's beta is one given number: no least count of our own returns applies.
    minimum: 1,
  },
  {
    name: 'IR Beta',
    type: 'macro',
    method: 'ols_ir',
    proxy: 'TLT',
    short: null,
    window: 90,
    minimum: 30,
  },
  style('Momentum', 'MTUM'),
  style('Value', 'VTV'),
  style('Growth', 'VUG'),
  style('Size', 'IWM'),
  style('Quality', 'QUAL'),
  style('Low Volatility', 'USMV'),
  spread('Growth-Value Spread', 'VUG', 'VTV'),
  spread('Momentum Spread', 'MTUM', 'SPY'),
  spread('Size Spread', 'IWM', 'SPY'),
  spread('Quality Spread', 'QUAL', 'SPY'),
]

/**
 * Inserts the factor definitions into an empty table. A table with any row is left alone: what an
 * operator edited or deleted stays so.
 */
export async function seedFactorDefinitions(db: QueryExecutorProvider): Promise<void> {
  const rows = DEFINITIONS.map(
    ({ name, type, method, proxy, short, window, minimum }, order) =>
      sql`(${name}, ${type}, ${method}, ${proxy}, ${short}, ${window}::int, ${minimum}::int, ${order}::int)`,
  )
  await sql`
    insert into factor_definitions (
      name, factor_type, calculation_method, etf_proxy, short_proxy,
      window_days, min_observations, display_order
    )
    select * from (values ${sql.join(rows)}) as seed
    where not exists (select from factor_definitions)
  `.execute(db)
}
