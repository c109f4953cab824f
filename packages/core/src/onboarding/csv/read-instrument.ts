import { isIsoDate } from '../../calendar/index.ts'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { InvestmentClass } from '../../database/tables/portfolio-tables.ts'
import { formatMicros, parseMicros } from '../../pnl/index.ts'
import { InvalidTickerError, isTicker } from '../../symbols/parse-ticker.ts'
import { formatOcc, parseOcc, type OptionContract } from '../../symbols/occ.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { Column } from './columns.ts'
import type { CsvRow } from './csv-row.ts'
import type { NewLot, NewOption } from './new-lot.ts'
import { readPrice } from './read-numbers.ts'

/** What a row is about. */
export type Instrument = Pick<NewLot, 'symbol' | 'investmentClass' | 'investmentSubtype' | 'option'>

/** Subtypes by class. A class's own kinds only: a CALL is no PUBLIC investment. */
const SUBTYPES: Readonly<Record<InvestmentClass, readonly string[]>> = {
  PUBLIC: ['STOCK', 'ETF', 'MUTUAL_FUND', 'CLOSED_END_FUND', 'INDEX_FUND', 'REIT', 'ADR'],
  OPTIONS: ['CALL', 'PUT'],
  PRIVATE: [
    'PRIVATE_EQUITY',
    'VENTURE_CAPITAL',
    'PRIVATE_CREDIT',
    'PRIVATE_DEBT',
    'PRIVATE_REIT',
    'HEDGE_FUND',
    'REAL_ESTATE',
    'HOME_EQUITY',
    'COMMODITY',
    'CRYPTOCURRENCY',
    'COLLECTIBLE',
    'ART',
    'BOND',
    'CASH',
    'OTHER',
  ],
}

const OPTION_COLUMNS: readonly Column[] = [
  'Underlying Symbol',
  'Strike Price',
  'Expiration Date',
  'Option Type',
]

const SYMBOL_LENGTH = 32
/** A private holding has a name of its owner's. */
const PRIVATE_SYMBOL = /^[A-Z0-9][A-Z0-9 ._&-]*$/

/**
 * Reads what a row is about: class, subtype, symbol and, of an option, the contract. A blank class is
 * OPTIONS where option columns are filled or the symbol is an OCC one, else PUBLIC. Null when refused.
 */
export function readInstrument(row: CsvRow): Instrument | null {
  const investmentClass = readClass(row)
  if (investmentClass === null) {
    readSymbol(row, 'PUBLIC')
    return null
  }
  const symbol = readSymbol(row, investmentClass)
  const investmentSubtype = readSubtype(row, investmentClass)
  if (investmentClass !== 'OPTIONS') {
    if (symbol === null) return null
    return { symbol, investmentClass, investmentSubtype, option: null }
  }
  const contract = readContract(row, symbol)
  if (symbol === null || contract === null) return null
  const subtype = contract.option.right === 'C' ? 'CALL' : 'PUT'
  if (investmentSubtype !== null && investmentSubtype !== subtype) {
    return row.refuse('Investment Subtype', 'POS_017', `the contract is a ${subtype}`)
  }
  return { ...contract, investmentClass, investmentSubtype: subtype }
}

function readClass(row: CsvRow): InvestmentClass | null {
  const given = row.value('Investment Class').toUpperCase()
  const isContract = isOcc(row.value('Symbol'))
  const optionColumn = OPTION_COLUMNS.find((column) => row.has(column))
  switch (given) {
    case '':
      return isContract || optionColumn !== undefined ? 'OPTIONS' : 'PUBLIC'
    case 'PUBLIC':
      if (isContract) {
        return row.refuse('Investment Class', 'POS_016', 'the symbol is that of an option')
      }
      if (optionColumn === undefined) return given
      return row.refuse('Investment Class', 'POS_016', `PUBLIC, but ${optionColumn} is filled`)
    case 'OPTIONS':
    case 'PRIVATE':
      return given
    default:
      return row.refuse('Investment Class', 'POS_016', 'not PUBLIC, OPTIONS or PRIVATE')
  }
}

function readSubtype(row: CsvRow, investmentClass: InvestmentClass): string | null {
  const given = row
    .value('Investment Subtype')
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
  if (given === '') return null
  const fitting = SUBTYPES[investmentClass]
  if (fitting.includes(given)) return given
  const message = `no subtype of ${investmentClass}; there are ${fitting.join(', ')}`
  return row.refuse('Investment Subtype', 'POS_017', message)
}

function readSymbol(row: CsvRow, investmentClass: InvestmentClass): Ticker | null {
  const text = row.value('Symbol')
  if (text === '') return row.refuse('Symbol', 'POS_001', 'the symbol is missing')
  if (text.length > SYMBOL_LENGTH) {
    return row.refuse('Symbol', 'POS_002', `more than ${SYMBOL_LENGTH} characters`)
  }
  // Judged before upper-casing, which would turn "ß" into "SS".
  const isPlain = /^[\x20-\x7e]*$/.test(text)
  const symbol = text.toUpperCase()
  if (isPlain && isTicker(symbol)) return symbol
  if (isPlain && investmentClass === 'PRIVATE' && PRIVATE_SYMBOL.test(symbol)) {
    return symbol as Ticker
  }
  const message = 'a symbol has letters, digits and . - ^ = and begins with a letter, a digit or ^'
  return row.refuse('Symbol', 'POS_003', message)
}

/** The contract by its OCC symbol or by its columns; both must agree where both are there. */
function readContract(
  row: CsvRow,
  symbol: Ticker | null,
): { readonly symbol: Ticker; readonly option: NewOption } | null {
  const occ = symbol === null ? null : parseOcc(symbol)
  const underlying = readUnderlying(row, occ)
  const strike = readStrike(row, occ)
  const expiration = readExpiration(row, occ)
  const right = readRight(row, occ)
  if (underlying === null || strike === null || expiration === null || right === null) return null
  const option = { underlying, strike, expiration, right }
  if (symbol !== null && occ !== null) return { symbol, option }
  const root = rootOf(underlying)
  try {
    return { symbol: formatOcc({ root, expiration, right, strike: formatMicros(strike) }), option }
  } catch (thrown) {
    if (!(thrown instanceof InvalidTickerError)) throw thrown
    const message = 'no OCC symbol can say this contract: strike in mills below 100,000'
    return row.refuse('Strike Price', 'POS_020', message)
  }
}

function readUnderlying(row: CsvRow, occ: OptionContract | null): Ticker | null {
  const text = row.value('Underlying Symbol').toUpperCase()
  if (text === '') {
    if (occ !== null && isTicker(occ.root)) return occ.root
    return row.refuse('Underlying Symbol', 'POS_019', 'the underlying symbol is missing')
  }
  if (!isTicker(text) || isOcc(text) || !/^[A-Z0-9]{1,6}$/.test(rootOf(text))) {
    return row.refuse('Underlying Symbol', 'POS_019', 'not a symbol that options are written on')
  }
  // The root of a contract that was adjusted ends in a digit: AAPL1.
  if (occ !== null && rootOf(text) !== occ.root && rootOf(text) !== occ.root.replace(/\d$/, '')) {
    return row.refuse('Underlying Symbol', 'POS_019', `the symbol names ${occ.root}`)
  }
  return text
}

function readStrike(row: CsvRow, occ: OptionContract | null): NewOption['strike'] | null {
  if (!row.has('Strike Price') && occ !== null) return parseMicros(occ.strike)
  const codes = {
    missing: 'POS_020',
    notNumber: 'POS_020',
    sign: 'POS_020',
    tooFine: 'POS_020',
  } as const
  const strike = readPrice(row, 'Strike Price', { codes })
  if (strike === null || occ === null || strike === parseMicros(occ.strike)) return strike
  return row.refuse('Strike Price', 'POS_020', `the symbol says ${occ.strike}`)
}

function readExpiration(row: CsvRow, occ: OptionContract | null): IsoDate | null {
  const text = row.value('Expiration Date')
  if (text === '') {
    if (occ !== null) return occ.expiration
    return row.refuse('Expiration Date', 'POS_021', 'the expiration date is missing')
  }
  if (!isIsoDate(text) || !text.startsWith('20')) {
    return row.refuse('Expiration Date', 'POS_021', 'not a date of this century as YYYY-MM-DD')
  }
  if (occ === null || occ.expiration === text) return text
  return row.refuse('Expiration Date', 'POS_021', `the symbol says ${occ.expiration}`)
}

function readRight(row: CsvRow, occ: OptionContract | null): 'C' | 'P' | null {
  const text = row.value('Option Type').toUpperCase()
  if (text === '') {
    if (occ !== null) return occ.right
    return row.refuse('Option Type', 'POS_022', 'the option type is missing: CALL or PUT')
  }
  const right = RIGHTS.get(text)
  if (right === undefined) return row.refuse('Option Type', 'POS_022', 'not CALL or PUT')
  if (occ === null || occ.right === right) return right
  return row.refuse('Option Type', 'POS_022', `the symbol says ${occ.right}`)
}

const RIGHTS: ReadonlyMap<string, 'C' | 'P'> = new Map([
  ['CALL', 'C'],
  ['C', 'C'],
  ['PUT', 'P'],
  ['P', 'P'],
])

function isOcc(text: string): boolean {
  const symbol = text.toUpperCase()
  return isTicker(symbol) && parseOcc(symbol) !== null
}

/** The root that a symbol has in its contracts: without punctuation. */
function rootOf(symbol: string): string {
  return symbol.replace(/[^A-Z0-9]/g, '')
}
