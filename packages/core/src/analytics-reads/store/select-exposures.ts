import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'

/** What a portfolio is exposed to, with what the factor is. */
export interface ExposureRow {
  readonly date: SessionDate
  readonly factor_id: string
  readonly name: string
  readonly factor_type: string
  readonly calculation_method: string
  readonly etf_proxy: Ticker | null
  readonly short_proxy: Ticker | null
  /** Null when equity was not positive. */
  readonly beta: number | null
  readonly std_error: number | null
  /** Dollars. */
  readonly exposure_dollar: number | null
  readonly coverage_pct: number | null
}

/** Its rows of some sessions, in the order of the definitions. */
export async function selectExposures(
  db: Kysely<Tables>,
  portfolioId: string,
  dates: readonly SessionDate[],
): Promise<readonly ExposureRow[]> {
  const { rows } = await sql<ExposureRow>`
    select e.calculation_date as date, d.id as factor_id, d.name, d.factor_type,
           d.calculation_method, d.etf_proxy, d.short_proxy,
           e.exposure_value as beta, e.std_error,
           e.exposure_dollar::float8 as exposure_dollar, e.coverage_pct
    from factor_exposures e join factor_definitions d on d.id = e.factor_id
    where e.portfolio_id = ${portfolioId} and e.calculation_date = any(${dates}::date[])
    order by d.display_order, d.name
  `.execute(db)
  return rows
}
