import { sql } from 'kysely'
import type { Transaction } from '../transaction.ts'
import type { HeldRows } from './hold-rows.ts'

/** Which rows about lots must be in a stage or go. */
export interface UnstagedLots {
  /** A table with a row per `position_id` and `calculation_date`. */
  readonly table: 'position_greeks' | 'position_volatility'
  /** Has a column `position_id`. */
  readonly stage: HeldRows
  readonly date: string
  readonly portfolioIds: readonly string[]
  /** The classes of lots that can have a row. */
  readonly classes: readonly ('PUBLIC' | 'OPTIONS')[]
}

/**
 * Deletes a date's rows of those lots of some portfolios that the stage does not have, deleted lots among
 * them. Only such lots are looked up, most nights few: the others are known to have a row, and to probe for
 * each of them would take as long as writing it.
 *
 * @returns how many rows were deleted
 */
export async function deleteUnstagedLots(
  tx: Transaction,
  { table, stage, date, portfolioIds, classes }: UnstagedLots,
): Promise<number> {
  // As for `deleteUnstaged`: without an index a plan that expects few rows takes a minute.
  await stage.prepare(['position_id'])
  const isUnstaged =
    stage.count === 0
      ? sql`true`
      : sql`not exists (select from ${stage.from(['position_id'])} where s.position_id = p.id)`
  const { numAffectedRows } = await sql`
    with unstaged as materialized (
      select p.id from positions p
      where p.portfolio_id = any(${portfolioIds}::uuid[])
        and p.investment_class = any(${classes}::text[])
        and ${isUnstaged}
    )
    delete from ${sql.table(table)} t using unstaged
    where t.position_id = unstaged.id and t.calculation_date = ${date}
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}
