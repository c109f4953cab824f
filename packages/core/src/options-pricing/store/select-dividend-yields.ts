import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** The dividend yields that the profiles of some symbols give, fractions; symbols without one are absent. */
export async function selectDividendYields(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, number>> {
  const { rows } = await sql<{ symbol: Ticker; dividend_yield: number }>`
    select symbol, dividend_yield::float8 as dividend_yield from company_profiles
    where symbol = any(${symbols}::text[]) and dividend_yield is not null
  `.execute(db)
  return new Map(rows.map((row) => [row.symbol, row.dividend_yield]))
}
