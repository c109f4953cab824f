import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/ticker.ts'
import type { BarFailureReason } from './provider.ts'

/** What a provider says of a company or fund. Null = it does not say; a stored value then stays. */
export interface Profile {
  readonly companyName: string | null
  readonly sector: string | null
  readonly industry: string | null
  readonly exchange: string | null
  readonly country: string | null
  readonly currency: string | null
  /** In the profile's currency. */
  readonly marketCap: number | null
  readonly enterpriseValue: number | null
  readonly peRatio: number | null
  readonly forwardPe: number | null
  readonly psRatio: number | null
  readonly pbRatio: number | null
  /** A fraction: 0.02 = 2 %. */
  readonly dividendYield: number | null
  readonly beta: number | null
  readonly week52High: number | null
  readonly week52Low: number | null
  readonly isEtf: boolean | null
  readonly nextEarningsDate: IsoDate | null
}

/** The headline columns of `income_statements`, in the statement's currency; EPS per share. */
export interface IncomeStatement {
  readonly totalRevenue: number | null
  readonly costOfRevenue: number | null
  readonly grossProfit: number | null
  readonly operatingIncome: number | null
  readonly netIncome: number | null
  readonly ebitda: number | null
  readonly basicEps: number | null
  readonly dilutedEps: number | null
}

/** The headline columns of `balance_sheets`. */
export interface BalanceSheet {
  readonly totalAssets: number | null
  readonly totalLiabilities: number | null
  readonly totalEquity: number | null
  readonly cashAndEquivalents: number | null
  readonly totalDebt: number | null
}

/** The headline columns of `cash_flows`. */
export interface CashFlow {
  readonly operatingCashFlow: number | null
  readonly investingCashFlow: number | null
  readonly financingCashFlow: number | null
  readonly capitalExpenditure: number | null
  readonly freeCashFlow: number | null
  readonly dividendsPaid: number | null
}

/** One statement of one period: its headlines and every line that the provider gave. */
export interface Statement<Headlines> {
  readonly periodDate: IsoDate
  readonly frequency: 'quarterly' | 'annual'
  readonly headlines: Headlines
  readonly lines: Readonly<Record<string, number>>
}

/** The last 12 quarters and 5 years of a company, newest first, per statement. */
export interface Fundamentals {
  readonly income: readonly Statement<IncomeStatement>[]
  readonly balance: readonly Statement<BalanceSheet>[]
  readonly cash: readonly Statement<CashFlow>[]
}

/** The answer for one symbol: what was asked for, or why there is none. */
export type SymbolOutcome<Value> =
  | { readonly ok: true; readonly symbol: Ticker; readonly provider: string; readonly value: Value }
  | {
      readonly ok: false
      readonly symbol: Ticker
      readonly provider: string
      readonly reason: BarFailureReason | 'no_data'
      readonly detail: string
      readonly retryable: boolean
    }
