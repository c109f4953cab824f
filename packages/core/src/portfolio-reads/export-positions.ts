import { COLUMNS } from '../onboarding/csv/columns.ts'
import type { PositionRow } from './store/select-positions.ts'
import { writeCsv, type CsvCell } from './write-csv.ts'

/** The columns of the upload format first, so that open positions can be uploaded again, then the marks. */
const HEADER = [
  ...COLUMNS,
  'Open Quantity',
  'Last Price',
  'Last Price Date',
  'Data Status',
  'Unrealized P&L',
  'Realized P&L',
  'Notes',
] as const

/** Positions as a CSV file. */
export function exportPositions(rows: readonly PositionRow[]): string {
  return writeCsv(HEADER, rows.map(cellsOf))
}

const OPTION_TYPES: Readonly<Record<string, string>> = { C: 'CALL', P: 'PUT' }

function cellsOf(row: PositionRow): readonly CsvCell[] {
  const isOption = row.investment_class === 'OPTIONS'
  return [
    row.symbol,
    number(row.quantity),
    number(row.entry_price),
    row.entry_date,
    row.investment_class,
    row.investment_subtype,
    row.underlying_symbol,
    number(row.strike_price),
    row.expiration_date,
    isOption ? (OPTION_TYPES[row.position_type.slice(1)] ?? null) : null,
    row.exit_date,
    number(row.exit_price),
    number(row.market_value),
    number(row.open_quantity),
    number(row.last_price),
    row.last_price_date,
    row.data_status,
    number(row.unrealized_pnl),
    number(row.realized_pnl),
    row.notes,
  ]
}

/** Without the zeros that fill a decimal up. */
function number(value: string | null): CsvCell {
  if (value === null) return null
  return { number: value.includes('.') ? value.replace(/\.?0+$/, '') : value }
}
