import type { Kysely } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'

/** The earliest entry date of a portfolio's undeleted lots; null without lots. */
export async function selectEarliestEntry(
  db: Kysely<Tables>,
  portfolioId: string,
): Promise<IsoDate | null> {
  const { earliest } = await db
    .selectFrom('positions')
    .select((one) => one.fn.min('entry_date').as('earliest'))
    .where('portfolio_id', '=', portfolioId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return earliest
}
