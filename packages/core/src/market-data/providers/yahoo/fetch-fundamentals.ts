import type { Clock } from '../../../clock/clock.ts'
import type { Ticker } from '../../../symbols/ticker.ts'
import type { Fundamentals } from '../../profile.ts'
import { checkRawStatements, readStatements, type Frequency } from './read-statements.ts'
import { readStatementLines } from './statement-lines.ts'
import type { YahooClient } from './yahoo-client.ts'
import { NothingServed } from './yahoo-errors.ts'
import { toYahooSymbol } from './yahoo-symbol.ts'
import type { ZoneDates } from './zone-dates.ts'

export interface FundamentalsSource {
  readonly client: YahooClient
  readonly clock: Clock
  readonly dates: ZoneDates
}

/** Reaches back over the 5 years that are kept, and the months that a report may take. */
const YEARS_ASKED = 6

/**
 * A company's statements of the last 12 quarters and 5 years, as far as Yahoo has them, by two calls:
 * quarterly and annual, all three statements at once. A failure of either is one of both, so that no
 * half is taken for the whole.
 *
 * @throws YahooError when there are none; the signal's reason when aborted
 */
export async function fetchFundamentals(
  source: FundamentalsSource,
  symbol: Ticker,
  signal: AbortSignal,
): Promise<Fundamentals> {
  const quarterly = await fetchSeries(source, symbol, 'quarterly', signal)
  const annual = await fetchSeries(source, symbol, 'annual', signal)
  const all = {
    income: newestFirst([...quarterly.income, ...annual.income]),
    balance: newestFirst([...quarterly.balance, ...annual.balance]),
    cash: newestFirst([...quarterly.cash, ...annual.cash]),
  }
  if (all.income.length + all.balance.length + all.cash.length === 0) {
    throw new NothingServed('yahoo has no statements of it')
  }
  return all
}

async function fetchSeries(
  { client, clock, dates }: FundamentalsSource,
  symbol: Ticker,
  type: Frequency,
  signal: AbortSignal,
): Promise<Fundamentals> {
  const now = clock.now()
  const name = toYahooSymbol(symbol)
  const answer = await client.ask(
    (yahoo, options) =>
      yahoo.fundamentalsTimeSeries(
        encodeURIComponent(name),
        {
          module: 'all',
          period1: now.minus({ years: YEARS_ASKED }).toJSDate(),
          period2: now.toJSDate(),
          type,
        },
        options,
      ),
    {
      signal,
      inspect: (served) => {
        checkRawStatements(served, name)
      },
    },
  )
  return readStatements(answer, type, await readStatementLines(client, signal), dates)
}

function newestFirst<Of extends { readonly periodDate: string }>(statements: Of[]): readonly Of[] {
  return statements.sort((a, b) => (a.periodDate < b.periodDate ? 1 : -1))
}
