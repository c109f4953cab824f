import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** Those of some symbols that have no factor row at all on a date, sorted. */
export async function selectUncomputedSymbols(
  db: Kysely<Tables>,
  date: SessionDate,
  symbols: readonly Ticker[],
): Promise<readonly Ticker[]> {
  const { rows } = await sql<{ symbol: Ticker }>`
    select asked.symbol
    from unnest(${symbols}::text[]) as asked (symbol)
    where not exists (
      select from symbol_factor_exposures e
      where e.calculation_date = ${date} and e.symbol = asked.symbol
    )
    order by asked.symbol collate "C"
  `.execute(db)
  return rows.map(({ symbol }) => symbol)
}
