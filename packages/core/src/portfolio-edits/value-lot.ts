import { sql } from 'kysely'
import type { IsoDate } from '../calendar/iso-date.ts'
import { formatCents, type Cents } from '../pnl/index.ts'
import type { EditFacts } from './edit-portfolio.ts'
import { EditRefused, notFound } from './edit-refused.ts'
import { selectLotKind } from './store/select-lot-kind.ts'

/** What its owner says a whole PRIVATE lot is worth on a day. */
export interface NewValuation {
  readonly date: IsoDate
  /** Not negative; a short lot is stored as owing it. */
  readonly marketValue: Cents
}

/**
 * Says what a PRIVATE lot is worth from a day on; what was said of that day before is replaced. Throws EditRefused
 * VALUATION_001 for a lot with a market, VALUATION_002 for a day before the entry or after today.
 */
export function valueLot(
  positionId: string,
  { date, marketValue }: NewValuation,
  today: IsoDate,
): EditFacts<string> {
  return async (tx, { portfolioId }) => {
    const { investmentClass, isShort, entryDate } = await selectLotKind(tx, portfolioId, positionId)
    if (investmentClass !== 'PRIVATE') {
      throw new EditRefused(
        'invalid',
        'VALUATION_001',
        'Only PRIVATE positions are valued by hand.',
      )
    }
    if (date < entryDate || date > today) {
      const message = `The date is not from the entry, ${entryDate}, to today, ${today}.`
      throw new EditRefused('invalid', 'VALUATION_002', message)
    }
    const signed = (isShort ? 0n - marketValue : marketValue) as Cents
    const { rows } = await sql<{ id: string }>`
      insert into position_valuations (position_id, valuation_date, market_value)
      values (${positionId}, ${date}, ${formatCents(signed)}::numeric)
      on conflict (position_id, valuation_date)
        do update set market_value = excluded.market_value, updated_at = now()
      returning id
    `.execute(tx.db)
    const [row] = rows
    if (row === undefined) throw new Error('the valuation was not stored')
    return { value: row.id, touched: date }
  }
}

/** Takes a valuation back: the one before it holds again. */
export function takeBackValuation(positionId: string, valuationId: string): EditFacts<string> {
  return async (tx, { portfolioId }) => {
    await selectLotKind(tx, portfolioId, positionId)
    const { rows } = await sql<{ valuation_date: IsoDate }>`
      delete from position_valuations where id = ${valuationId} and position_id = ${positionId}
      returning valuation_date
    `.execute(tx.db)
    const [row] = rows
    if (row === undefined) throw notFound('valuation', 'VALUATION_NOT_FOUND')
    return { value: valuationId, touched: row.valuation_date }
  }
}
