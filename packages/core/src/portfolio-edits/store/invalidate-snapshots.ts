import { sql } from 'kysely'
import type { Transaction } from '../../database/index.ts'
import type { OutdatedSessions } from '../edited-portfolio.ts'

/**
 * Takes snapshots that are out of date from the eyes of readers: each becomes an open slot, as one that a
 * crash left behind, which the recomputation fills, or the next nightly run if this process dies before.
 *
 * The first snapshot of a record from inception stays: without it the beginning of the record would be
 * forgotten.
 */
export async function invalidateSnapshots(
  { db }: Transaction,
  portfolioId: string,
  { from, fromInception }: OutdatedSessions,
): Promise<void> {
  await sql`
    update portfolio_snapshots s set is_complete = false, updated_at = now()
    where s.portfolio_id = ${portfolioId} and s.snapshot_date >= ${from} and s.is_complete
      and not (${fromInception} and s.snapshot_date = (
        select min(snapshot_date) from portfolio_snapshots where portfolio_id = ${portfolioId}
      ))
  `.execute(db)
}
