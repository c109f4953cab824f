import type { IsoDate } from '../../calendar/iso-date.ts'
import type { PositionType } from '../../database/tables/portfolio-tables.ts'
import type { Micros } from '../../pnl/index.ts'
import type { CsvRow } from './csv-row.ts'
import type { NewLot } from './new-lot.ts'
import { readInstrument } from './read-instrument.ts'
import { readMarketValue, readPastDate, readPrice, readQuantity } from './read-numbers.ts'

/** A trillion dollars, in millionths of a millionth: no lot is worth more, and no total overflows. */
const VALUE_LIMIT = 10n ** 24n
const CONTRACT_SIZE = 100n

/** Reads a row as a lot; null when something is wrong with it, which the row then says. */
export function readLot(row: CsvRow, today: IsoDate): NewLot | null {
  const instrument = readInstrument(row)
  const quantity = readQuantity(row)
  const entryPrice = readPrice(row, 'Entry Price Per Share')
  const entryDate = readPastDate(row, 'Entry Date', today)
  const exit = readExit(row, entryDate, today)
  const isShort = quantity !== null && quantity < 0n
  const marketValue =
    instrument?.investmentClass === 'PRIVATE' ? readMarketValue(row, isShort) : null
  if (quantity !== null && entryPrice !== null) {
    const multiplier = instrument?.investmentClass === 'OPTIONS' ? CONTRACT_SIZE : 1n
    const value = (isShort ? 0n - quantity : quantity) * entryPrice * multiplier
    if (value > VALUE_LIMIT) {
      row.refuse('Quantity', 'POS_005', 'quantity times price is above a trillion dollars')
    }
  }
  const expiration = instrument?.option?.expiration
  if (entryDate !== null && expiration !== undefined && entryDate > expiration) {
    row.refuse('Expiration Date', 'POS_021', 'the contract expired before its entry date')
  }
  if (row.problems.length > 0) return null
  if (instrument === null || quantity === null || entryPrice === null || entryDate === null) {
    throw new Error(`line ${row.line} is refused without a reason`)
  }
  return {
    ...instrument,
    line: row.line,
    positionType: positionTypeOf(instrument, quantity),
    quantity,
    entryPrice,
    entryDate,
    exit,
    marketValue,
  }
}

function positionTypeOf({ option }: Pick<NewLot, 'option'>, quantity: Micros): PositionType {
  const isShort = quantity < 0n
  if (option === null) return isShort ? 'SHORT' : 'LONG'
  return `${isShort ? 'S' : 'L'}${option.right}`
}

/** The sale of the whole lot; null when there is none or it is refused. */
function readExit(row: CsvRow, entryDate: IsoDate | null, today: IsoDate): NewLot['exit'] {
  if (!row.has('Exit Date') && !row.has('Exit Price Per Share')) return null
  const date = readPastDate(row, 'Exit Date', today)
  const price = readPrice(row, 'Exit Price Per Share', { mayBeZero: true })
  if (date !== null && entryDate !== null && date < entryDate) {
    return row.refuse('Exit Date', 'POS_018', `before the entry date, ${entryDate}`)
  }
  return date === null || price === null ? null : { date, price }
}
