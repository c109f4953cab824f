import type { CopyRow } from '../database/index.ts'
import type { Profile } from '../market-data/profile.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { ColumnFit, ColumnType } from './column-fit.ts'

interface ProfileColumn {
  readonly name: string
  readonly type: ColumnType
  readonly of: keyof Profile
}

/** The columns of `company_profiles` that a provider fills. */
export const PROFILE_COLUMNS: readonly ProfileColumn[] = [
  { name: 'company_name', type: 'text', of: 'companyName' },
  { name: 'sector', type: 'text', of: 'sector' },
  { name: 'industry', type: 'text', of: 'industry' },
  { name: 'exchange', type: 'text', of: 'exchange' },
  { name: 'country', type: 'text', of: 'country' },
  { name: 'currency', type: 'text', of: 'currency' },
  { name: 'market_cap', type: 'numeric(18,2)', of: 'marketCap' },
  { name: 'enterprise_value', type: 'numeric(18,2)', of: 'enterpriseValue' },
  { name: 'pe_ratio', type: 'double precision', of: 'peRatio' },
  { name: 'forward_pe', type: 'double precision', of: 'forwardPe' },
  { name: 'ps_ratio', type: 'double precision', of: 'psRatio' },
  { name: 'pb_ratio', type: 'double precision', of: 'pbRatio' },
  { name: 'dividend_yield', type: 'double precision', of: 'dividendYield' },
  { name: 'beta', type: 'double precision', of: 'beta' },
  { name: 'week_52_high', type: 'numeric(18,6)', of: 'week52High' },
  { name: 'week_52_low', type: 'numeric(18,6)', of: 'week52Low' },
  { name: 'is_etf', type: 'boolean', of: 'isEtf' },
  { name: 'next_earnings_date', type: 'date', of: 'nextEarningsDate' },
]

/** The symbol and its values in the order of `PROFILE_COLUMNS`. */
export function profileRow(symbol: Ticker, profile: Profile, fit: ColumnFit): CopyRow {
  return [symbol, ...PROFILE_COLUMNS.map(({ name, type, of }) => fit.take(name, type, profile[of]))]
}

/** The row of a symbol of which nothing is known but that it was asked for. */
export function emptyProfileRow(symbol: Ticker): CopyRow {
  return [symbol, ...PROFILE_COLUMNS.map(() => null)]
}
