import { sql } from 'kysely'
import { sessionsBack, sessionsBetween } from '../../src/calendar/index.ts'
import type { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { randomColumns } from '../regression/random-columns.ts'
import { session } from './batch-world.ts'

/** More than any analytic reaches back. */
const SESSIONS = 280

/** Columns of independent daily returns of at most one percent either way. */
export function randomReturns(seed: number, columns: number): readonly Float64Array[] {
  return randomColumns(seed, columns, SESSIONS).map((column) => column.map((value) => value / 5))
}

/**
 * Stores closes that have these returns up to an evening, on which each symbol costs $100; NaN = no close
 * on that session.
 */
export async function storeReturns(
  world: PortfolioWorld,
  evening: string,
  returns: Readonly<Record<string, Float64Array>>,
): Promise<void> {
  for (const [symbol, values] of Object.entries(returns)) {
    const dates = sessionsBetween(sessionsBack(session(evening), values.length), session(evening))
    const closes = new Array<number | null>(dates.length).fill(null)
    let close = 100
    for (let t = values.length; t >= 0; t--) {
      const gain = values[t - 1] ?? 0
      closes[t] = Number.isNaN(gain) ? null : close
      if (!Number.isNaN(gain)) close /= 1 + gain
    }
    await sql`
      insert into market_data_cache (symbol, date, close, data_source, fetched_at)
      select ${symbol}, day, price, 'test', (day + time '20:00') at time zone 'UTC'
      from unnest(${dates}::date[], ${closes}::numeric[]) as bar (day, price)
      where price is not null
    `.execute(world.db)
  }
}
