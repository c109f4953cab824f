import { sql } from 'kysely'
import type { IsoDate } from '../calendar/iso-date.ts'
import { COLUMNS, type Column } from '../onboarding/csv/columns.ts'
import { CsvRow } from '../onboarding/csv/csv-row.ts'
import { readLot } from '../onboarding/csv/read-lot.ts'
import { insertLots } from '../onboarding/store/insert-portfolio.ts'
import { formatMicros } from '../pnl/index.ts'
import type { EditFacts } from './edit-portfolio.ts'
import { EditRefused } from './edit-refused.ts'

const PLACES: ReadonlyMap<Column, number> = new Map(COLUMNS.map((column, i) => [column, i]))

/**
 * Enters a lot under the rules and with the codes of an upload's row.
 *
 * @param fields the values as a file would have them, by column
 * @param today on whose shares quantity and price are
 */
export function addLot(
  fields: Readonly<Partial<Record<Column, string>>>,
  { notes, today }: { readonly notes: string | null; readonly today: IsoDate },
): EditFacts<string> {
  return async (tx, { portfolioId }) => {
    const values = COLUMNS.map((column) => fields[column] ?? '')
    const row = new CsvRow({ line: 1, values }, PLACES)
    const lot = readLot(row, today)
    if (lot === null) {
      const problems = row.problems.map(({ field, code, message }) => ({
        field: fieldOf(field ?? ''),
        code,
        message,
      }))
      throw new EditRefused('invalid', 'POSITION_INVALID', 'The position cannot be used.', problems)
    }
    const { symbol, entryDate } = lot
    const entryPrice = formatMicros(lot.entryPrice)
    const same = sql<{ id: string }>`
      select id from positions
      where portfolio_id = ${portfolioId} and symbol = ${symbol} and entry_date = ${entryDate}
        and entry_price = ${entryPrice}::numeric and deleted_at is null
    `
    if ((await same.execute(tx.db)).rows.length > 0) {
      const message = 'There is a position of this symbol, entry date and entry price.'
      throw new EditRefused('conflict', 'POS_023', message)
    }
    await insertLots(tx, portfolioId, { lots: [lot], today })
    const { rows } = await sql<{ id: string }>`
      update positions set notes = ${notes} where id in (${same}) returning id
    `.execute(tx.db)
    const [entered] = rows
    if (entered === undefined) throw new Error('the position was not stored')
    return { value: entered.id, touched: entryDate }
  }
}

/** The field of a JSON body that stands for a column. */
function fieldOf(column: string): string {
  const name = column.toLowerCase().replaceAll(' ', '_')
  return `body.${name === 'entry_price_per_share' ? 'entry_price' : name}`
}
