import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import type { SymbolState } from '../symbol-state.ts'

/**
 * How far the symbol layer is with each of some symbols, in their order. Figures of a symbol say that it has
 * prices and was computed; only what has none, mostly new, is looked for in the large tables.
 */
export async function selectSymbolStates(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<readonly SymbolState[]> {
  if (symbols.length === 0) return []
  const figures = await selectFigures(db, symbols)
  const others = symbols.filter((symbol) => figures.get(symbol)?.hasPrice !== true)
  const traces = others.length === 0 ? new Map<Ticker, Traces>() : await selectTraces(db, others)
  return symbols.map((symbol) => {
    const found = figures.get(symbol)
    const trace = traces.get(symbol)
    return {
      symbol,
      isInUniverse: found?.isInUniverse ?? false,
      hasBar: found?.hasPrice === true || (trace?.hasBar ?? false),
      isComputed: found?.isComputed === true || (trace?.hasFactors ?? false),
      failure: trace?.hasBar === false ? failureOf(trace) : null,
    }
  })
}

interface Figures {
  readonly symbol: Ticker
  readonly isInUniverse: boolean
  readonly isComputed: boolean
  readonly hasPrice: boolean
}

async function selectFigures(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, Figures>> {
  const { rows } = await sql<Figures>`
    select s.symbol, u.symbol is not null as "isInUniverse", m.symbol is not null as "isComputed",
           m.current_price is not null as "hasPrice"
    from unnest(${symbols}::text[]) as s (symbol)
    left join symbol_universe u on u.symbol = s.symbol
    left join symbol_daily_metrics m on m.symbol = s.symbol
  `.execute(db)
  return new Map(rows.map((row) => [row.symbol, row]))
}

interface Traces {
  readonly symbol: Ticker
  readonly hasBar: boolean
  readonly hasFactors: boolean
  readonly reason: string | null
  readonly isPermanent: boolean | null
  readonly failedAt: Date | null
}

async function selectTraces(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, Traces>> {
  const { rows } = await sql<Traces>`
    select s.symbol, bar.symbol is not null as "hasBar", fit.symbol is not null as "hasFactors",
           failure.reason, failure.is_permanent as "isPermanent", failure.completed_at as "failedAt"
    from unnest(${symbols}::text[]) as s (symbol)
    left join lateral (
      select symbol from market_data_cache where symbol = s.symbol and close is not null limit 1
    ) bar on true
    left join lateral (
      select symbol from symbol_factor_exposures where symbol = s.symbol limit 1
    ) fit on true
    left join lateral (
      select reason, error_category = 'permanent' as is_permanent, completed_at
      from batch_jobs
      where job_name = 'prices' and item_id = s.symbol and status = 'failed'
      order by completed_at desc limit 1
    ) failure on true
  `.execute(db)
  return new Map(rows.map((row) => [row.symbol, row]))
}

function failureOf({ reason, isPermanent, failedAt }: Traces): SymbolState['failure'] {
  if (failedAt === null) return null
  return { reason: reason ?? 'unknown', isPermanent: isPermanent ?? false, at: failedAt }
}
