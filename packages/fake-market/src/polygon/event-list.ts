import type { Question } from '../http/endpoint.ts'
import { knownHistory, type History } from '../market/history.ts'
import type { Market } from '../market/market.ts'
import { effectiveQuery } from './paging.ts'

/** An event of one symbol on one date. */
interface Dated {
  readonly ticker: string
  readonly date: string
}

const COMPARISONS: readonly (readonly [string, (a: string, b: string) => boolean])[] = [
  ['', (a, b) => a === b],
  ['.gte', (a, b) => a >= b],
  ['.gt', (a, b) => a > b],
  ['.lte', (a, b) => a <= b],
  ['.lt', (a, b) => a < b],
]

/**
 * The events that a query of reference data asks for, filtered by `ticker` and by the date field with its
 * comparisons, newest first unless `order=asc`.
 *
 * @param eventsOf what is known of a symbol; option contracts and indices have none
 */
export async function eventList<T extends Dated>(
  market: Market,
  { query, now }: Question,
  dateField: string,
  eventsOf: (history: History) => readonly T[],
): Promise<readonly T[]> {
  const asked = effectiveQuery(query)
  const ticker = asked.get('ticker')
  const filters = COMPARISONS.flatMap(([suffix, holds]) => {
    const bound = asked.get(`${dateField}${suffix}`)
    return bound === null ? [] : [(date: string) => holds(date, bound)]
  })
  const events: T[] = []
  for (const symbol of market.source.symbols) {
    if (ticker !== null && symbol !== ticker) continue
    const history = await knownHistory(market, symbol, now)
    if (history === null) continue
    events.push(...eventsOf(history).filter(({ date }) => filters.every((holds) => holds(date))))
  }
  const direction = asked.get('order') === 'asc' ? 1 : -1
  return events.toSorted(
    (a, b) => direction * a.date.localeCompare(b.date) || a.ticker.localeCompare(b.ticker),
  )
}
