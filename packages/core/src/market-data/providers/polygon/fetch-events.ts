import { Malformed } from '../../calls/provider-errors.ts'
import type { EventBook } from './event-book.ts'
import type { DayRange } from './plan-calls.ts'
import { POLYGON, type PolygonClient } from './polygon-client.ts'
import { asShape, TICKER_RECORD } from './polygon-shapes.ts'

interface EventList {
  readonly path: string
  readonly dateField: string
}

const SPLITS: EventList = { path: '/v3/reference/splits', dateField: 'execution_date' }
const DIVIDENDS: EventList = { path: '/v3/reference/dividends', dateField: 'ex_dividend_date' }

/** Which events: all of some days, or those of one ticker. */
export interface EventQuery extends DayRange {
  readonly ticker?: string
}

/** Enters the splits into a book. @throws ProviderError; the signal's reason when aborted */
export async function fetchSplits(
  client: PolygonClient,
  query: EventQuery,
  book: EventBook,
): Promise<void> {
  book.addSplits(await fetchEvents(client, query, SPLITS))
}

/** Enters the dividends into a book. @throws likewise */
export async function fetchDividends(
  client: PolygonClient,
  query: EventQuery,
  book: EventBook,
): Promise<void> {
  book.addDividends(await fetchEvents(client, query, DIVIDENDS))
}

/** A record that was not asked for shows that the vendor asked itself something else: its list proves nothing. */
async function fetchEvents(
  client: PolygonClient,
  { from, to, ticker }: EventQuery,
  { path, dateField }: EventList,
): Promise<readonly unknown[]> {
  const range = { [`${dateField}.gte`]: from, [`${dateField}.lte`]: to }
  const query = ticker === undefined ? range : { ...range, ticker }
  return client.list(path, query, (record, place) => {
    const { ticker: own, [dateField]: date } = asShape(TICKER_RECORD, record, place)
    if (ticker !== undefined && own !== ticker) {
      throw new Malformed(`${POLYGON} listed another symbol than ${ticker}`, `${place}.ticker`)
    }
    if (typeof date === 'string' && (date < from || date > to)) {
      throw new Malformed(
        `${POLYGON} listed a day outside those asked for`,
        `${place}.${dateField}`,
      )
    }
  })
}
