import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Transaction } from '../../database/index.ts'
import type { InvestmentClass } from '../../database/tables/portfolio-tables.ts'
import { notFound } from '../edit-refused.ts'

export interface LotKind {
  readonly entryDate: IsoDate
  readonly investmentClass: InvestmentClass
  readonly isShort: boolean
  readonly expirationDate: IsoDate | null
}

/** What a lot is. Throws EditRefused when the portfolio has no such lot. */
export async function selectLotKind(
  { db }: Transaction,
  portfolioId: string,
  positionId: string,
): Promise<LotKind> {
  const row = await db
    .selectFrom('positions')
    .select(['entry_date', 'investment_class', 'quantity', 'expiration_date'])
    .where('id', '=', positionId)
    .where('portfolio_id', '=', portfolioId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw notFound('position', 'POSITION_NOT_FOUND')
  return {
    entryDate: row.entry_date,
    investmentClass: row.investment_class,
    isShort: row.quantity.startsWith('-'),
    expirationDate: row.expiration_date,
  }
}
