import type { Generated } from 'kysely'
import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type {
  Created,
  DefaultDecimal,
  DefaultInstant,
  DefaultJson,
  Id,
  MissableDecimal,
  MissableInstant,
  Mutable,
} from './columns.ts'

export interface SymbolUniverseTable extends Mutable {
  symbol: Ticker
  asset_type: Generated<'equity' | 'etf' | 'fund' | 'option' | 'index'>
  sector: string | null
  industry: string | null
  is_active: Generated<boolean>
  first_seen_date: IsoDate | null
  last_seen_date: IsoDate | null
  preferred_provider: string | null
  consecutive_failures: Generated<number>
  last_error: string | null
}

/** Daily bars as traded, partitioned by year. */
export interface MarketDataCacheTable extends Created {
  id: Id
  symbol: Ticker
  date: IsoDate
  open: MissableDecimal
  high: MissableDecimal
  low: MissableDecimal
  /** Missing where a day has an event but no trade. */
  close: MissableDecimal
  volume: number | null
  /** Cash per share on its ex-date; 0 = none. */
  dividend: DefaultDecimal
  /** New shares per old share on the ex-date; 1 = none. */
  split_ratio: DefaultDecimal
  data_source: string
  fetched_at: DefaultInstant
  restated_at: MissableInstant
}

export interface CompanyProfilesTable extends Mutable {
  symbol: Ticker
  company_name: string | null
  sector: string | null
  industry: string | null
  exchange: string | null
  country: string | null
  currency: string | null
  market_cap: MissableDecimal
  pe_ratio: number | null
  forward_pe: number | null
  ps_ratio: number | null
  pb_ratio: number | null
  /** A fraction: 0.02 = 2 %. */
  dividend_yield: number | null
  beta: number | null
  week_52_high: MissableDecimal
  week_52_low: MissableDecimal
  enterprise_value: MissableDecimal
  is_etf: Generated<boolean>
  next_earnings_date: IsoDate | null
  fundamentals_last_fetched: MissableInstant
  last_updated: MissableInstant
}

interface StatementTable extends Mutable {
  id: Id
  symbol: Ticker
  period_date: IsoDate
  frequency: 'quarterly' | 'annual'
  /** Every line the provider gave. */
  data: DefaultJson
}

export interface IncomeStatementsTable extends StatementTable {
  total_revenue: MissableDecimal
  cost_of_revenue: MissableDecimal
  gross_profit: MissableDecimal
  operating_income: MissableDecimal
  net_income: MissableDecimal
  ebitda: MissableDecimal
  basic_eps: MissableDecimal
  diluted_eps: MissableDecimal
}

export interface BalanceSheetsTable extends StatementTable {
  total_assets: MissableDecimal
  total_liabilities: MissableDecimal
  total_equity: MissableDecimal
  cash_and_equivalents: MissableDecimal
  total_debt: MissableDecimal
}

export interface CashFlowsTable extends StatementTable {
  operating_cash_flow: MissableDecimal
  investing_cash_flow: MissableDecimal
  financing_cash_flow: MissableDecimal
  capital_expenditure: MissableDecimal
  free_cash_flow: MissableDecimal
  dividends_paid: MissableDecimal
}
