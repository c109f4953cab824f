import type { OptionContract } from '../../symbols/occ.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import { formatMicros, parseMicros, type Micros } from '../exact/amounts.ts'

const MICROS_PER_MILL = 1000n

/** A strike in thousandths of a dollar, the unit of option symbols. */
export function strikeMills({ strike }: OptionContract): bigint {
  return parseMicros(strike) / MICROS_PER_MILL
}

/** Thousandths of a dollar as a strike: `92140` is `92.14`. */
export function formatStrike(mills: bigint): string {
  return formatMicros((mills * MICROS_PER_MILL) as Micros).replace(/\.?0+$/, '')
}

/**
 * The OCC symbol of a contract: root, YYMMDD, C or P, strike × 1000 in eight digits.
 *
 * @example { root: 'AAPL', expiration: '2024-01-19', right: 'C', strike: '150' } // AAPL240119C00150000
 */
export function contractSymbol(contract: OptionContract): Ticker {
  const date = contract.expiration.slice(2).replaceAll('-', '')
  const strike = strikeMills(contract).toString().padStart(8, '0')
  return `${contract.root}${date}${contract.right}${strike}` as Ticker
}
