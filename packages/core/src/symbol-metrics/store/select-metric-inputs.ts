import type { Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** How many factor values each symbol has on a session; symbols without any are absent. */
export async function countFactorValues(
  db: Kysely<Tables>,
  date: SessionDate,
): Promise<ReadonlyMap<Ticker, number>> {
  const rows = await db
    .selectFrom('symbol_factor_exposures as e')
    .innerJoin('factor_definitions as d', 'd.id', 'e.factor_id')
    .select(({ fn }) => ['e.symbol', fn.countAll<number>().as('count')])
    .where('e.calculation_date', '=', date)
    .where('d.is_active', '=', true)
    .groupBy('e.symbol')
    .execute()
  return new Map(rows.map(({ symbol, count }) => [symbol, count]))
}

/** The symbols that have a company profile; an empty row says only that there is none. */
export async function selectProfiledSymbols(db: Kysely<Tables>): Promise<ReadonlySet<Ticker>> {
  const rows = await db
    .selectFrom('company_profiles')
    .select('symbol')
    .where('company_name', 'is not', null)
    .execute()
  return new Set(rows.map(({ symbol }) => symbol))
}
