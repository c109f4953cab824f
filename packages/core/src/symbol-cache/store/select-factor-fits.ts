import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import { FactorTable, type PackedFits } from '../factor-table.ts'

/**
 * Reads the factor fits of a date in one statement, each symbol as one binary string, which costs a
 * fraction of what a row per factor would.
 *
 * @param symbols null = all
 */
export async function selectFactorFits(
  db: Kysely<Tables>,
  date: SessionDate,
  symbols: readonly Ticker[] | null,
): Promise<FactorTable> {
  const definitions = await db.selectFrom('factor_definitions').select('id').orderBy('id').execute()
  const factorIds = definitions.map(({ id }) => id)
  const { rows } = await sql<PackedFits>`
    select e.symbol,
           string_agg(
             int2send((f.place - 1)::smallint) || float8send(e.beta_value)
               || float8send(coalesce(e.std_error, 'NaN')) || float8send(coalesce(e.r_squared, 'NaN')),
             ''::bytea
           ) as fits
    from symbol_factor_exposures e
    join unnest(${factorIds}::uuid[]) with ordinality as f (id, place) on f.id = e.factor_id
    where e.calculation_date = ${date}
      and (${symbols}::text[] is null or e.symbol = any(${symbols}::text[]))
    group by e.symbol
  `.execute(db)
  return new FactorTable(date, factorIds, rows)
}
