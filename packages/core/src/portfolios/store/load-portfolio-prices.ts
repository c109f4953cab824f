import { sql, type Kysely } from 'kysely'
import { addDays } from '../../calendar/index.ts'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { contractOn, createPriceSource, type Book, type PriceSource } from '../../pnl/index.ts'
import { loadPricePanel, type PricePanel } from '../../returns/index.ts'
import { parseOcc } from '../../symbols/occ.ts'
import type { Ticker } from '../../symbols/ticker.ts'
import type { EarlierClose, HeldCloses } from '../held-closes.ts'

/** The sessions whose marks a run needs. */
export interface PriceRange {
  readonly from: SessionDate
  readonly to: SessionDate
}

type Event = Parameters<typeof createPriceSource>[0]['events'][number]

/**
 * The closes and events that value some books on any session of a range: the closes of the range, each
 * symbol's last close before it (a mark may be old), and every event since the earliest date that a
 * lot's share basis, entry or recognition is on. Read once for all books; PRIVATE lots have no prices.
 *
 * @param held closes that need not be read; null = there are none
 */
export async function loadPortfolioPrices(
  db: Kysely<Tables>,
  books: readonly Book[],
  range: PriceRange,
  held: HeldCloses | null = null,
): Promise<PriceSource> {
  const lots = books.flatMap((book) =>
    book.lots.filter(({ investmentClass }) => investmentClass !== 'PRIVATE'),
  )
  const named = new Set(
    lots.flatMap(({ symbol, underlyingSymbol }) => [symbol, underlyingSymbol ?? symbol]),
  )
  const since = lots.reduce<IsoDate>(
    (min, lot) => [lot.entryDate, lot.quantityBasisDate, min].reduce((a, b) => (a < b ? a : b)),
    range.from,
  )
  const events = await selectEvents(db, [...named], { since, to: range.to })
  const eventsOnly = createPriceSource({ panel: NO_PANEL, events })
  for (const lot of lots) {
    for (const date of [range.from, range.to]) {
      const { symbol } = contractOn(lot, date, eventsOnly)
      if (symbol !== null) named.add(symbol)
    }
  }
  const symbols = [...named].sort()
  const panel = held?.between(symbols, range) ?? (await loadPricePanel(db, { symbols, ...range }))
  const asked = [
    ...symbols.map((symbol) => ({ symbol, before: range.from })),
    ...lots.flatMap((lot) => expiryClose(lot, range.from)),
  ]
  const known = asked.map(({ symbol, before }) => held?.lastBefore(symbol, before) ?? null)
  const unknown = asked.filter((_, i) => known[i] === null)
  const earlier = [
    ...known.filter((close) => close !== null),
    ...(unknown.length === 0 ? [] : await selectLastClosesBefore(db, unknown)),
  ]
  return createPriceSource({ panel: withEarlierCloses(panel, earlier), events })
}

const NO_PANEL = { sessions: [], symbols: [], close: new Float64Array(0) }

async function selectEvents(
  db: Kysely<Tables>,
  symbols: readonly Ticker[],
  { since, to }: { readonly since: IsoDate; readonly to: IsoDate },
): Promise<readonly Event[]> {
  const { rows } = await sql<{
    symbol: Ticker
    exDate: IsoDate
    dividend: string
    splitRatio: string
  }>`
    select symbol, date as "exDate", dividend, split_ratio as "splitRatio"
    from market_data_cache
    where symbol = any(${symbols}::text[])
      and date between ${since} and ${to}
      and (dividend <> 0 or split_ratio <> 1)
  `.execute(db)
  return rows
}

/** An option that expired before the range is settled by its underlying's close of then. */
function expiryClose(
  { symbol, underlyingSymbol }: Book['lots'][number],
  from: SessionDate,
): readonly { readonly symbol: Ticker; readonly before: IsoDate }[] {
  const expiration = parseOcc(symbol)?.expiration
  if (expiration === undefined || underlyingSymbol === null || expiration >= from) return []
  return [{ symbol: underlyingSymbol, before: addDays(expiration, 1) }]
}

async function selectLastClosesBefore(
  db: Kysely<Tables>,
  asked: readonly { readonly symbol: Ticker; readonly before: IsoDate }[],
): Promise<readonly EarlierClose[]> {
  const symbols = asked.map(({ symbol }) => symbol)
  const dates = asked.map(({ before }) => before)
  const { rows } = await sql<EarlierClose>`
    select distinct s.symbol, last.date, last.close::float8 as close
    from unnest(${symbols}::text[], ${dates}::date[]) as s (symbol, before)
    cross join lateral (
      select date, close from market_data_cache
      where symbol = s.symbol and date < s.before and close is not null
      order by date desc limit 1
    ) last
  `.execute(db)
  return rows
}

/** The panel with a column in front for each date on which some symbol has its last close before it. */
function withEarlierCloses(
  panel: Pick<PricePanel, 'sessions' | 'symbols' | 'close'>,
  earlier: readonly EarlierClose[],
): Pick<PricePanel, 'sessions' | 'symbols' | 'close'> {
  const dates = [...new Set(earlier.map(({ date }) => date))].sort()
  const width = dates.length + panel.sessions.length
  const close = new Float64Array(panel.symbols.length * width).fill(NaN)
  for (const row of panel.symbols.keys()) {
    const start = row * panel.sessions.length
    close.set(
      panel.close.subarray(start, start + panel.sessions.length),
      row * width + dates.length,
    )
  }
  const rowOf = new Map(panel.symbols.map((symbol, row) => [symbol, row]))
  const columnOf = new Map(dates.map((date, column) => [date, column]))
  for (const { symbol, date, close: price } of earlier) {
    const row = rowOf.get(symbol)
    const column = columnOf.get(date)
    if (row !== undefined && column !== undefined) close[row * width + column] = price
  }
  return { sessions: [...dates, ...panel.sessions], symbols: panel.symbols, close }
}
