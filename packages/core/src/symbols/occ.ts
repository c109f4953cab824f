import { isIsoDate } from '../calendar/index.ts'
import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from './ticker.ts'

/** What an OCC option symbol says. */
export interface OptionContract {
  /** The underlying's symbol, without punctuation. */
  readonly root: string
  readonly expiration: IsoDate
  readonly right: 'C' | 'P'
  /** Dollars, exact. */
  readonly strike: string
}

/** Root, YYMMDD, C or P, strike × 1000 in eight digits. */
const OCC = /^([A-Z][A-Z0-9]{0,5})(\d{2})(\d{2})(\d{2})([CP])(\d{5})(\d{3})$/

/**
 * Reads an option symbol; null when the symbol is not one (nothing else is an option).
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
