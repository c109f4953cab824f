import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { FactorBetas, SymbolBetas } from '../portfolio-exposures.ts'

export interface BetasQuery {
  /** The active factors, in the order of the definitions. */
  readonly factorIds: readonly string[]
  readonly symbols: readonly Ticker[]
}

/** A factor's place as int2, beta and standard error as float8. */
const ENTRY_BYTES = 2 + 8 + 8

/**
 * Reads the betas of some symbols on a date in one statement. Each symbol comes back as one binary
 * string, which costs a fraction of what a row per factor would.
 *
 * Missing data: a symbol without any row of the date is absent, a factor without a row is NaN, and so is
 * a standard error that the row does not have.
 */
export async function selectBetas(
  db: Kysely<Tables>,
  date: SessionDate,
  { factorIds, symbols }: BetasQuery,
): Promise<FactorBetas> {
  const { rows } = await sql<{ symbol: Ticker; packed: Buffer }>`
    select e.symbol,
           string_agg(
             int2send((f.place - 1)::smallint) || float8send(e.beta_value)
               || float8send(coalesce(e.std_error, 'NaN')),
             ''::bytea
           ) as packed
    from symbol_factor_exposures e
    join unnest(${factorIds}::uuid[]) with ordinality as f (id, place) on f.id = e.factor_id
    where e.calculation_date = ${date} and e.symbol = any(${symbols}::text[])
    group by e.symbol
  `.execute(db)
  const width = factorIds.length
  return {
    factorIds,
    bySymbol: new Map(rows.map((row) => [row.symbol, unpack(row.packed, width)])),
  }
}

function unpack(packed: Buffer, width: number): SymbolBetas {
  const beta = new Float64Array(width).fill(NaN)
  const stdError = new Float64Array(width).fill(NaN)
  for (let at = 0; at < packed.length; at += ENTRY_BYTES) {
    const factor = packed.readInt16BE(at)
    beta[factor] = packed.readDoubleBE(at + 2)
    stdError[factor] = packed.readDoubleBE(at + 10)
  }
  return { beta, stdError }
}
