import type { IsoDate } from '../../calendar/iso-date.ts'
import { addMonths, isIsoDate } from '../../calendar/index.ts'
import { parseMicros, type Cents, type Micros } from '../../pnl/index.ts'
import type { Column } from './columns.ts'
import type { CsvCode } from './csv-problem.ts'
import type { CsvRow } from './csv-row.ts'

const NUMBER = /^[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))$/
const MAX_DECIMALS = 6
/** What the columns hold: `numeric(20,6)` and `numeric(18,6)`. */
const QUANTITY_LIMIT = 10n ** 20n
const PRICE_LIMIT = 10n ** 18n

/** The codes of a number that is missing, no number, out of bounds, too fine. */
export interface NumberCodes {
  readonly missing: CsvCode
  readonly notNumber: CsvCode
  readonly sign: CsvCode
  readonly tooFine: CsvCode
}

export const QUANTITY_CODES: NumberCodes = {
  missing: 'POS_004',
  notNumber: 'POS_005',
  sign: 'POS_006',
  tooFine: 'POS_007',
}

export const PRICE_CODES: NumberCodes = {
  missing: 'POS_008',
  notNumber: 'POS_009',
  sign: 'POS_010',
  tooFine: 'POS_011',
}

/** The signed number of shares or contracts; null when it is refused. */
export function readQuantity(row: CsvRow): Micros | null {
  const quantity = readNumber(row, 'Quantity', QUANTITY_CODES, QUANTITY_LIMIT)
  if (quantity !== 0n) return quantity
  return row.refuse('Quantity', 'POS_006', 'the quantity is 0')
}

/** A price; null when it is refused. Only the price of a sale may be 0: things do become worthless. */
export function readPrice(
  row: CsvRow,
  column: Column,
  { codes = PRICE_CODES, mayBeZero = false }: { codes?: NumberCodes; mayBeZero?: boolean } = {},
): Micros | null {
  const price = readNumber(row, column, codes, PRICE_LIMIT)
  if (price === null || price > 0n || (mayBeZero && price === 0n)) return price
  return row.refuse(column, codes.sign, mayBeZero ? 'it is below 0' : 'it is not above 0')
}

/** The value of a PRIVATE lot, signed as the lot; null when there is none or it is refused. */
export function readMarketValue(row: CsvRow, isShort: boolean): Cents | null {
  if (!row.has('Market Value')) return null
  const value = readNumber(row, 'Market Value', PRICE_CODES, PRICE_LIMIT)
  if (value === null) return null
  if (value % 10_000n !== 0n) {
    return row.refuse('Market Value', 'POS_011', 'an amount has at most two decimals')
  }
  if (value < 0n && !isShort) {
    return row.refuse('Market Value', 'POS_010', 'a long position is not worth less than 0')
  }
  const cents = value / 10_000n
  return (isShort && cents > 0n ? 0n - cents : cents) as Cents
}

function readNumber(row: CsvRow, column: Column, codes: NumberCodes, limit: bigint): Micros | null {
  const text = row.value(column)
  if (text === '') return row.refuse(column, codes.missing, `${column} is missing`)
  const match = NUMBER.exec(text)
  if (match === null) return row.refuse(column, codes.notNumber, notNumberBecause(text))
  const decimals = match[1] ?? match[2] ?? ''
  if (decimals.length > MAX_DECIMALS) {
    return row.refuse(column, codes.tooFine, `more than ${MAX_DECIMALS} decimals`)
  }
  const number = parseMicros(text.replace(/^([+-]?)\./, '$10.').replace(/\.$/, ''))
  if ((number < 0n ? 0n - number : number) < limit) return number
  return row.refuse(column, codes.notNumber, 'the number is too large to be one')
}

function notNumberBecause(text: string): string {
  if (/\d[,']\d/.test(text)) {
    return 'not a number: write it with a point before the decimals and without separators, 1234.5'
  }
  return 'not a number'
}

const OLDEST_MONTHS = 100 * 12

/** A past date; null when it is refused. */
export function readPastDate(row: CsvRow, column: Column, today: IsoDate): IsoDate | null {
  const text = row.value(column)
  if (text === '') return row.refuse(column, 'POS_012', `${column} is missing`)
  if (!isIsoDate(text)) return row.refuse(column, 'POS_013', 'not a date as YYYY-MM-DD')
  if (text > today) return row.refuse(column, 'POS_014', `later than today, ${today}`)
  if (text < addMonths(today, -OLDEST_MONTHS)) {
    return row.refuse(column, 'POS_015', 'more than 100 years ago')
  }
  return text
}
