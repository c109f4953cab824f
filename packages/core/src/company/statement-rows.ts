import { isIsoDate } from '../calendar/index.ts'
import type { CopyRow } from '../database/index.ts'
import type {
  BalanceSheet,
  CashFlow,
  Fundamentals,
  IncomeStatement,
  Statement,
} from '../market-data/profile.ts'
import type { Ticker } from '../symbols/ticker.ts'
import { ColumnFit, type ColumnType, type RefusedValue } from './column-fit.ts'

type Figures<Of> = { readonly [Key in keyof Of]: number | null }

interface HeadlineColumn<Headlines> {
  readonly name: string
  readonly type: ColumnType
  readonly of: keyof Headlines
}

/** Rows for one of the three tables: symbol, period_date, frequency, the headlines, data. */
export interface StatementRows {
  readonly table: 'income_statements' | 'balance_sheets' | 'cash_flows'
  readonly headlines: readonly { readonly name: string; readonly type: ColumnType }[]
  readonly rows: readonly CopyRow[]
}

const money = <Of extends string>(name: string, of: Of) =>
  ({ name, type: 'numeric(18,2)', of }) as const
const perShare = <Of extends string>(name: string, of: Of) =>
  ({ name, type: 'numeric(18,6)', of }) as const

const INCOME: readonly HeadlineColumn<IncomeStatement>[] = [
  money('total_revenue', 'totalRevenue'),
  money('cost_of_revenue', 'costOfRevenue'),
  money('gross_profit', 'grossProfit'),
  money('operating_income', 'operatingIncome'),
  money('net_income', 'netIncome'),
  money('ebitda', 'ebitda'),
  perShare('basic_eps', 'basicEps'),
  perShare('diluted_eps', 'dilutedEps'),
]

const BALANCE: readonly HeadlineColumn<BalanceSheet>[] = [
  money('total_assets', 'totalAssets'),
  money('total_liabilities', 'totalLiabilities'),
  money('total_equity', 'totalEquity'),
  money('cash_and_equivalents', 'cashAndEquivalents'),
  money('total_debt', 'totalDebt'),
]

const CASH: readonly HeadlineColumn<CashFlow>[] = [
  money('operating_cash_flow', 'operatingCashFlow'),
  money('investing_cash_flow', 'investingCashFlow'),
  money('financing_cash_flow', 'financingCashFlow'),
  money('capital_expenditure', 'capitalExpenditure'),
  money('free_cash_flow', 'freeCashFlow'),
  money('dividends_paid', 'dividendsPaid'),
]

/** The statements of some companies as rows of the three tables, and what does not fit them. */
export function statementRows(
  companies: readonly { readonly symbol: Ticker; readonly value: Fundamentals }[],
): { readonly tables: readonly StatementRows[]; readonly refused: readonly RefusedValue[] } {
  const fits = companies.map(({ symbol }) => new ColumnFit(symbol))
  const rowsOf = <Headlines extends Figures<Headlines>>(
    table: StatementRows['table'],
    headlines: readonly HeadlineColumn<Headlines>[],
    statements: (of: Fundamentals) => readonly Statement<Headlines>[],
  ): StatementRows => ({
    table,
    headlines,
    rows: companies.flatMap(({ symbol, value }, i) => {
      const fit = fits[i] ?? new ColumnFit(symbol)
      return onePerPeriod(statements(value), table, fit).map((statement) =>
        statementRow(symbol, statement, { table, headlines, fit }),
      )
    }),
  })
  const tables = [
    rowsOf('income_statements', INCOME, ({ income }) => income),
    rowsOf('balance_sheets', BALANCE, ({ balance }) => balance),
    rowsOf('cash_flows', CASH, ({ cash }) => cash),
  ]
  return { tables, refused: fits.flatMap(({ refused }) => refused) }
}

/** The first of each period and frequency; a statement of no real date is refused. */
function onePerPeriod<Headlines>(
  statements: readonly Statement<Headlines>[],
  table: string,
  fit: ColumnFit,
): readonly Statement<Headlines>[] {
  const firsts = new Map<string, Statement<Headlines>>()
  for (const statement of statements) {
    const { periodDate, frequency } = statement
    const key = `${frequency} ${periodDate}`
    if (!isIsoDate(periodDate)) fit.take(`${table}.period_date`, 'date', periodDate)
    else if (!firsts.has(key)) firsts.set(key, statement)
  }
  return [...firsts.values()]
}

function statementRow<Headlines extends Figures<Headlines>>(
  symbol: Ticker,
  { periodDate, frequency, headlines: values, lines }: Statement<Headlines>,
  { table, headlines, fit }: RowTarget<Headlines>,
): CopyRow {
  const field = (name: string) => `${table}.${name} (${frequency} ${periodDate})`
  const figures = headlines.map(({ name, type, of }) => fit.take(field(name), type, values[of]))
  const data = Object.entries(lines).filter(
    ([name, value]) =>
      fit.take(field('data'), 'text', name) !== null &&
      fit.take(field(`data.${name}`), 'double precision', value) !== null,
  )
  return [symbol, periodDate, frequency, ...figures, JSON.stringify(Object.fromEntries(data))]
}

interface RowTarget<Headlines> {
  readonly table: string
  readonly headlines: readonly HeadlineColumn<Headlines>[]
  readonly fit: ColumnFit
}
