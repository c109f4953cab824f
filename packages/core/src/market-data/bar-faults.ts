import type { DailyBar } from './bar.ts'
import type { BarEvents } from './bar-events.ts'

/** Why a bar, or its prices, cannot be stored. */
export type DropReason =
  | 'after_effective_date'
  | 'before_calendar'
  | 'conflicting_duplicates'
  | 'high_below_low'
  | 'invalid_event'
  | 'invalid_price'
  | 'no_close'
  | 'not_a_session'

export interface BarFault {
  readonly reason: DropReason
  readonly detail: string
}

/** Prices and dividends have 6 decimals in the table: less than half of the last one is stored as zero. */
const SMALLEST_PRICE = 0.0000005
/** `numeric(18,6)` holds smaller numbers only. */
const PRICE_LIMIT = 1e12
const SMALLEST_SPLIT = 0.00000000005
/** `numeric(20,10)` holds smaller numbers only. */
const SPLIT_LIMIT = 1e10

/** What is wrong with a bar's prices: not finite, not positive, not storable, or high below low. */
export function faultOfPrices(bar: DailyBar): BarFault | null {
  const { open, high, low, close } = bar
  const fault =
    faultOfPrice('open', open) ??
    faultOfPrice('high', high) ??
    faultOfPrice('low', low) ??
    faultOfPrice('close', close)
  if (fault !== null) return fault
  if (high !== null && low !== null && high < low) {
    return { reason: 'high_below_low', detail: `high ${high} is below low ${low}` }
  }
  return null
}

function faultOfPrice(name: string, price: number | null): BarFault | null {
  if (price === null || (price >= SMALLEST_PRICE && price < PRICE_LIMIT)) return null
  return { reason: 'invalid_price', detail: `${name} is ${price}` }
}

/** What is wrong with a dividend or split: negative, not finite, not storable. */
export function faultOfEvents({ dividend, splitRatio }: BarEvents): BarFault | null {
  if (dividend !== null && !(dividend >= 0 && dividend < PRICE_LIMIT)) {
    return { reason: 'invalid_event', detail: `dividend is ${dividend}` }
  }
  if (splitRatio !== null && !(splitRatio >= SMALLEST_SPLIT && splitRatio < SPLIT_LIMIT)) {
    return { reason: 'invalid_event', detail: `split ratio is ${splitRatio}` }
  }
  return null
}
