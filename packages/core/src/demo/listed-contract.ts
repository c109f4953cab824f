import { addDays, daysBetween } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import { formatOcc } from '../symbols/occ.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { DemoOption } from './demo-portfolio.ts'

export interface ListedContract {
  readonly symbol: Ticker
  /** Dollars. */
  readonly strike: string
  readonly expiration: IsoDate
}

const A_FRIDAY = '2024-01-05' as IsoDate
const DAYS_PER_WEEK = 7

/** The contract nearest to what the demo asks for: it expires on a Friday, at a strike that is quoted. */
export function listedContract(
  option: DemoOption,
  spot: number,
  effectiveDate: SessionDate,
): ListedContract {
  const step = spot >= 100 ? 5 : 1
  const strike = String(Math.round((spot * option.moneyness) / step) * step)
  const expiration = fridayOnOrAfter(addDays(effectiveDate, option.expiresInDays))
  const root = option.underlying.replaceAll('.', '')
  const right = option.positionType.endsWith('C') ? 'C' : 'P'
  return { symbol: formatOcc({ root, expiration, right, strike }), strike, expiration }
}

function fridayOnOrAfter(date: IsoDate): IsoDate {
  const sinceFriday = daysBetween(A_FRIDAY, date) % DAYS_PER_WEEK
  return addDays(date, (DAYS_PER_WEEK - sinceFriday) % DAYS_PER_WEEK)
}
