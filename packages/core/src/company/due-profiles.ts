import type { Ticker } from '../symbols/ticker.ts'
import type { CompanyState } from './company-state.ts'

const MAX_AGE_DAYS = 3
const MS_PER_DAY = 86_400_000

/**
 * The symbols whose profile is older than three days or was never asked for, in the order of need: held
 * ones first, then those never asked for, then the oldest; what a night has no time for is then what
 * matters least.
 */
export function dueProfiles(
  states: readonly CompanyState[],
  held: ReadonlySet<Ticker>,
  now: Date,
): readonly Ticker[] {
  const rank = ({ symbol }: CompanyState) => Number(!held.has(symbol))
  const age = ({ lastUpdated }: CompanyState) => lastUpdated?.getTime() ?? 0
  return states
    .filter(({ lastUpdated }) => isOlder(lastUpdated, now))
    .sort((a, b) => rank(a) - rank(b) || age(a) - age(b) || (a.symbol < b.symbol ? -1 : 1))
    .map(({ symbol }) => symbol)
}

function isOlder(lastUpdated: Date | null, now: Date): boolean {
  return lastUpdated === null || now.getTime() - lastUpdated.getTime() > MAX_AGE_DAYS * MS_PER_DAY
}
