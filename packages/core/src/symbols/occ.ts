import { isIsoDate } from '../calendar/index.ts'
import type { IsoDate } from '../calendar/iso-date.ts'
import { InvalidTickerError } from './parse-ticker.ts'
import type { Ticker } from './ticker.ts'

/** What an OCC option symbol says. */
export interface OptionContract {
  /** The underlying's symbol, without punctuation. */
  readonly root: string
  readonly expiration: IsoDate
  readonly right: 'C' | 'P'
  /** Dollars, an exact decimal without trailing zeros: `150`, `12.5`. */
  readonly strike: string
}

/** Root (a FLEX option's begins with a digit), YYMMDD, C or P, strike × 1000 in eight digits. */
const OCC = /^([A-Z0-9]{1,6})(\d{2})(\d{2})(\d{2})([CP])(\d{5})(\d{3})$/

/**
 * Reads an option symbol; null when the symbol is not one (nothing else is an option). The two digits
 * of the year are those of 2000 to 2099.
 *
 * @example parseOcc('AAPL240119C00150000')
 * // { root: 'AAPL', expiration: '2024-01-19', right: 'C', strike: '150' }
 */
export function parseOcc(symbol: Ticker): OptionContract | null {
  const [, root, yy, mm, dd, right, dollars, mills] = OCC.exec(symbol) ?? []
  const expiration = `20${yy ?? ''}-${mm ?? ''}-${dd ?? ''}`
  if (root === undefined || dollars === undefined || mills === undefined) return null
  if (!isIsoDate(expiration)) return null
  const fraction = mills.replace(/0+$/, '')
  return {
    root,
    expiration,
    right: right === 'C' ? 'C' : 'P',
    strike: `${Number(dollars)}${fraction === '' ? '' : `.${fraction}`}`,
  }
}

/** Whether a symbol names an option. */
export function isOptionTicker(symbol: Ticker): boolean {
  return parseOcc(symbol) !== null
}

/**
 * The option symbol of a contract, the inverse of `parseOcc`. Throws InvalidTickerError when an OCC
 * symbol cannot say it exactly: a strike finer than a mill or from 100,000, an expiration outside
 * 2000 to 2099, a root of more than six letters and digits.
 *
 * @example formatOcc({ root: 'F', expiration: '2025-06-20', right: 'P', strike: '12.5' })
 * // 'F250620P00012500'
 */
export function formatOcc({ root, expiration, right, strike }: OptionContract): Ticker {
  const [dollars = '', fraction = ''] = strike.split('.')
  const mills = fraction.replace(/0+$/, '').padEnd(3, '0')
  const symbol = `${root}${expiration.slice(2).replaceAll('-', '')}${right}${dollars.padStart(5, '0')}${mills}`
  // Too many digits on either side of the point leave no OCC symbol; an empty strike would read as 0.
  const isDecimal = /^\d+(\.\d+)?$/.test(strike)
  if (!isDecimal || !expiration.startsWith('20') || !OCC.test(symbol)) {
    throw new InvalidTickerError(`${root} ${expiration} ${right} ${strike}`)
  }
  return symbol as Ticker
}
