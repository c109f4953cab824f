import { setImmediate } from 'node:timers/promises'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type {
  Fundamentals,
  IncomeStatement,
  Profile,
  Statement,
  SymbolOutcome,
} from '../../src/market-data/profile.ts'
import type { MarketDataProvider } from '../../src/market-data/provider.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

type Failure = (SymbolOutcome<unknown> & { ok: false })['reason']

/** What a provider does with a symbol: answers, fails, throws, or (undefined) leaves it out. */
export type Reply<Value> = Value | Failure | Error | undefined

export interface FakeCompanies extends MarketDataProvider {
  /** The symbols of each question, in order. */
  readonly asked: string[]
}

interface Script {
  readonly profile?: (symbol: string) => Reply<Profile>
  readonly fundamentals?: (symbol: string) => Reply<Fundamentals>
}

/** A provider of profiles and statements that answers by script, in reverse order. */
export function fakeCompanies(name: string, { profile, fundamentals }: Script): FakeCompanies {
  const asked: string[] = []
  async function* answer<Value extends object>(
    symbols: readonly Ticker[],
    reply: (symbol: string) => Reply<Value>,
  ): AsyncGenerator<SymbolOutcome<Value>> {
    asked.push(symbols.join(' '))
    for (const symbol of symbols.toReversed()) {
      await setImmediate()
      const said = reply(symbol)
      if (said instanceof Error) throw said
      if (typeof said === 'string') {
        const detail = `${symbol.toLowerCase()} refused`
        yield { ok: false, symbol, provider: name, reason: said, detail, retryable: false }
      } else if (said !== undefined) {
        yield { ok: true, symbol, provider: name, value: said }
      }
    }
  }
  return {
    name,
    asked,
    servesDailyBars: () => false,
    expectedCalls: () => 0,
    // eslint-disable-next-line @typescript-eslint/require-await -- it serves none
    dailyBars: async function* () {
      yield* []
    },
    ...(profile === undefined ? {} : { profiles: (symbols) => answer(symbols, profile) }),
    ...(fundamentals === undefined
      ? {}
      : { fundamentals: (symbols) => answer(symbols, fundamentals) }),
  }
}

const SILENT: Profile = {
  companyName: null,
  sector: null,
  industry: null,
  exchange: null,
  country: null,
  currency: null,
  marketCap: null,
  enterpriseValue: null,
  peRatio: null,
  forwardPe: null,
  psRatio: null,
  pbRatio: null,
  dividendYield: null,
  beta: null,
  week52High: null,
  week52Low: null,
  isEtf: null,
  nextEarningsDate: null,
}

/** A profile that says these things and nothing else. */
export function profileOf(says: Partial<Profile>): Profile {
  return { ...SILENT, ...says }
}

const NO_INCOME: IncomeStatement = {
  totalRevenue: null,
  costOfRevenue: null,
  grossProfit: null,
  operatingIncome: null,
  netIncome: null,
  ebitda: null,
  basicEps: null,
  dilutedEps: null,
}

/** An income statement that says these things and nothing else. */
export function incomeOf(
  periodDate: string,
  headlines: Partial<IncomeStatement>,
  lines: Readonly<Record<string, number>> = {},
): Statement<IncomeStatement> {
  return {
    periodDate: periodDate as IsoDate,
    frequency: 'quarterly',
    headlines: { ...NO_INCOME, ...headlines },
    lines,
  }
}

export function fundamentalsOf(...income: readonly Statement<IncomeStatement>[]): Fundamentals {
  return { income, balance: [], cash: [] }
}
