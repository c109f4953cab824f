import { sql, type RawBuilder } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import { stageRows, type CopyRow, type Transaction } from '../../database/index.ts'
import type { FactorDefinition } from '../../factors/index.ts'
import type { SymbolMetrics } from '../compute-symbol-metrics.ts'

const STAGE = 'symbol_metrics_stage'

const STAGED = [
  'return_1d',
  'return_mtd',
  'return_ytd',
  'return_1m',
  'return_3m',
  'return_1y',
  'volatility_21d',
  'data_quality_score',
] as const

const FROM_PROFILE = [
  'market_cap',
  'enterprise_value',
  'pe_ratio',
  'ps_ratio',
  'pb_ratio',
  'sector',
  'industry',
  'company_name',
] as const

const FACTOR_COLUMNS: ReadonlySet<string> = new Set([
  'factor_momentum',
  'factor_value',
  'factor_growth',
  'factor_size',
  'factor_quality',
  'factor_low_volatility',
  'factor_growth_value_spread',
  'factor_momentum_spread',
  'factor_size_spread',
  'factor_quality_spread',
])

/** The column of a factor: `Growth-Value Spread` → `factor_growth_value_spread`. */
function factorColumn({ name }: FactorDefinition): string {
  return `factor_${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`
}

/**
 * Writes one row per symbol with the figures of a date, joined with the symbol's profile and with
 * the betas stored for the date. A row of a later date is never replaced; an unchanged row is not
 * written. Factors without a column of their own go into `extra_factors` by name.
 *
 * @returns how many rows were written
 */
export async function saveSymbolMetrics(
  tx: Transaction,
  date: SessionDate,
  metrics: SymbolMetrics,
  definitions: readonly FactorDefinition[],
): Promise<number> {
  const columns = [
    { name: 'symbol', type: 'text' },
    { name: 'current_price', type: 'numeric(18,6)' },
    ...STAGED.map((name) => ({ name, type: 'double precision' })),
  ]
  await stageRows(tx, { name: STAGE, columns, rows: metricRows(metrics) })
  const values = metricColumns(definitions)
  const names = sql.join([...values.keys()].map((name) => sql.ref(name)))
  const stored = sql.join([...values.keys()].map((name) => sql.ref(`t.${name}`)))
  const incoming = sql.join([...values.keys()].map((name) => sql.ref(`excluded.${name}`)))
  const assignments = sql.join(
    [...values.keys()].map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`),
  )
  const { numAffectedRows } = await sql`
    with betas as (
      select e.symbol, jsonb_object_agg(e.factor_id, e.beta_value) as by_factor
      from symbol_factor_exposures e
      where e.calculation_date = ${date}
      group by e.symbol
    )
    insert into symbol_daily_metrics as t (symbol, metrics_date, ${names})
    select s.symbol, ${date}::date, ${sql.join([...values.values()])}
    from ${sql.table(STAGE)} s
    left join company_profiles p on p.symbol = s.symbol
    left join betas b on b.symbol = s.symbol
    order by s.symbol
    on conflict (symbol) do update
    set metrics_date = excluded.metrics_date, updated_at = now(), ${assignments}
    where t.metrics_date <= excluded.metrics_date
      and (t.metrics_date, ${stored}) is distinct from (excluded.metrics_date, ${incoming})
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}

/** Column → the expression that fills it, over the stage `s`, the profile `p` and the betas `b`. */
function metricColumns(
  definitions: readonly FactorDefinition[],
): ReadonlyMap<string, RawBuilder<unknown>> {
  const beta = ({ id }: FactorDefinition) => sql`(b.by_factor ->> ${id}::text)::float8`
  const columns = new Map<string, RawBuilder<unknown>>()
  for (const name of ['current_price', ...STAGED]) columns.set(name, sql.ref(`s.${name}`))
  for (const name of FROM_PROFILE) columns.set(name, sql.ref(`p.${name}`))
  for (const name of FACTOR_COLUMNS) columns.set(name, sql`null::float8`)
  columns.set('market_beta', sql`null::float8`)
  const extra: RawBuilder<unknown>[] = []
  let hasMarket = false
  for (const definition of definitions) {
    const column = factorColumn(definition)
    if (definition.calculationMethod === 'ols_market' && !hasMarket) {
      hasMarket = true
      columns.set('market_beta', beta(definition))
    } else if (FACTOR_COLUMNS.has(column)) {
      columns.set(column, beta(definition))
    } else {
      extra.push(sql`${definition.name}::text, ${beta(definition)}`)
    }
  }
  columns.set('extra_factors', sql`jsonb_strip_nulls(jsonb_build_object(${sql.join(extra)}))`)
  return columns
}

function* metricRows(metrics: SymbolMetrics): Iterable<CopyRow> {
  const { returns, volatility21d, dataQualityScore } = metrics
  const lists = [
    metrics.currentPrice,
    returns['1d'],
    returns.mtd,
    returns.ytd,
    returns['1m'],
    returns['3m'],
    returns['1y'],
    volatility21d,
    dataQualityScore,
  ]
  for (const [i, symbol] of metrics.symbols.entries()) {
    yield [symbol, ...lists.map((list) => finiteOrNull(list[i]))]
  }
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
