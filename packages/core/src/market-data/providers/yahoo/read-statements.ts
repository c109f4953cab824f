import { z } from 'zod'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import { Malformed } from '../../calls/provider-errors.ts'
import type {
  BalanceSheet,
  CashFlow,
  Fundamentals,
  IncomeStatement,
  Statement,
} from '../../profile.ts'
import { epoch, readAnswer } from './read-answer.ts'
import type { StatementLines } from './statement-lines.ts'
import type { ZoneDates } from './zone-dates.ts'

export type Frequency = 'quarterly' | 'annual'

/** How many periods are kept of each. */
const KEPT = { quarterly: 12, annual: 5 } as const

type Lines = Readonly<Record<string, number>>

const periods = z.array(z.looseObject({ date: epoch }))

/**
 * Reads the client's series of one frequency: per period one of each statement that has a line, newest
 * first. Missing data: the client drops zeros, so a line that is absent may be 0 as well as unknown;
 * its headline is null.
 *
 * @throws Malformed
 */
export function readStatements(
  answer: unknown,
  frequency: Frequency,
  lines: StatementLines,
  dates: ZoneDates,
): Fundamentals {
  const newestFirst = readAnswer(periods, answer, 'timeseries').sort((a, b) => b.date - a.date)
  const all = newestFirst.map(({ date, ...values }) => ({
    periodDate: dates.dateOf(date, 'UTC'),
    values: Object.entries(values).filter(
      (line): line is [string, number] => typeof line[1] === 'number' && Number.isFinite(line[1]),
    ),
  }))
  const statements = <Headlines>(
    names: ReadonlySet<string>,
    headlinesOf: (of: Lines) => Headlines,
  ): readonly Statement<Headlines>[] =>
    all
      .map(({ periodDate, values }) => ({
        periodDate,
        own: Object.fromEntries(values.filter(([name]) => names.has(name))),
      }))
      .filter(({ own }) => Object.keys(own).length > 0)
      .slice(0, KEPT[frequency])
      .map(({ periodDate, own }) => toStatement(periodDate, frequency, own, headlinesOf))
  return {
    income: statements(lines.financials, incomeHeadlines),
    balance: statements(lines['balance-sheet'], balanceHeadlines),
    cash: statements(lines['cash-flow'], cashHeadlines),
  }
}

function toStatement<Headlines>(
  periodDate: IsoDate,
  frequency: Frequency,
  lines: Lines,
  headlinesOf: (of: Lines) => Headlines,
): Statement<Headlines> {
  return { periodDate, frequency, headlines: headlinesOf(lines), lines }
}

function incomeHeadlines(of: Lines): IncomeStatement {
  return {
    totalRevenue: of['totalRevenue'] ?? null,
    costOfRevenue: of['costOfRevenue'] ?? null,
    grossProfit: of['grossProfit'] ?? null,
    operatingIncome: of['operatingIncome'] ?? null,
    netIncome: of['netIncome'] ?? null,
    ebitda: of['EBITDA'] ?? null,
    basicEps: of['basicEPS'] ?? null,
    dilutedEps: of['dilutedEPS'] ?? null,
  }
}

function balanceHeadlines(of: Lines): BalanceSheet {
  return {
    totalAssets: of['totalAssets'] ?? null,
    totalLiabilities: of['totalLiabilitiesNetMinorityInterest'] ?? null,
    totalEquity: of['stockholdersEquity'] ?? null,
    cashAndEquivalents: of['cashAndCashEquivalents'] ?? null,
    totalDebt: of['totalDebt'] ?? null,
  }
}

function cashHeadlines(of: Lines): CashFlow {
  return {
    operatingCashFlow: of['operatingCashFlow'] ?? null,
    investingCashFlow: of['investingCashFlow'] ?? null,
    financingCashFlow: of['financingCashFlow'] ?? null,
    capitalExpenditure: of['capitalExpenditure'] ?? null,
    freeCashFlow: of['freeCashFlow'] ?? null,
    dividendsPaid: of['cashDividendsPaid'] ?? null,
  }
}

const rawSeries = z.object({
  timeseries: z.object({
    result: z.array(
      z.looseObject({ meta: z.object({ symbol: z.array(z.string()), type: z.array(z.string()) }) }),
    ),
  }),
})

const rawPoint = z.object({ periodType: z.string().min(1) }).nullish()

/**
 * Checks what the client passes over: whose figures they are. A figure without a period type is
 * refused as well, since the client would print it.
 *
 * @throws Malformed
 */
export function checkRawStatements(answer: unknown, yahooSymbol: string): void {
  for (const { meta, ...series } of readAnswer(rawSeries, answer, 'answer').timeseries.result) {
    const [symbol = ''] = meta.symbol
    if (symbol.toUpperCase() !== yahooSymbol.toUpperCase()) {
      throw new Malformed(
        `yahoo answered for ${symbol} instead of ${yahooSymbol}`,
        'timeseries.result.meta.symbol',
      )
    }
    const name = meta.type[0] ?? ''
    readAnswer(z.array(rawPoint).optional(), series[name], `timeseries.result.${name}`)
  }
}
