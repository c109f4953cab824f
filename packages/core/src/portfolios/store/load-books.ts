import { sql, type Kysely } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import {
  parseCents,
  parseMicros,
  type Book,
  type Cents,
  type Flow,
  type Lot,
  type PortfolioRecord,
  type RealizedEvent,
  type Valuation,
} from '../../pnl/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

/** A portfolio whose facts are to be loaded, and the first snapshot it has or is about to get. */
export interface BookRequest {
  readonly portfolioId: string
  readonly firstSnapshot: SessionDate
  /** `equity_as_of`, or what it is about to become. */
  readonly equityAsOf: IsoDate
  /** The run makes it a record from inception; otherwise it stays what it is. */
  readonly fromInception: boolean
}

/** A portfolio's facts with what a run needs besides. */
export interface LoadedBook {
  readonly portfolioId: string
  readonly name: string
  readonly book: Book
}

/**
 * Reads the facts of portfolios as the tables say: undeleted lots with their events and valuations,
 * undeleted flows. One statement a table, whatever the number of portfolios. Amounts stay exact.
 *
 * A record is from inception when a run makes it one or an earlier run did.
 */
export async function loadBooks(
  db: Kysely<Tables>,
  requests: readonly BookRequest[],
): Promise<ReadonlyMap<string, LoadedBook>> {
  const ids = requests.map(({ portfolioId }) => portfolioId)
  const portfolios = await selectPortfolios(db, ids)
  const flows = await selectFlows(db, ids)
  const events = await selectEvents(db, ids)
  const valuations = await selectValuations(db, ids)
  const lots = await selectLots(db, ids)
  return new Map(
    requests.flatMap((request) => {
      const row = portfolios.get(request.portfolioId)
      if (row === undefined) return []
      const record = recordOf(request, row)
      const own = lots.get(request.portfolioId) ?? []
      const book: Book = {
        record,
        flows: flows.get(request.portfolioId) ?? [],
        lots: own.map((lot) => lotOf(lot, { request, events, valuations })),
      }
      return [[request.portfolioId, { portfolioId: request.portfolioId, name: row.name, book }]]
    }),
  )
}

const NO_EVENTS: readonly RealizedEvent[] = []
const NO_VALUATIONS: readonly Valuation[] = []

/** Written out field by field: a spread of hundreds of thousands of lots takes twice the memory. */
function lotOf(
  row: StoredLot,
  {
    request,
    events,
    valuations,
  }: {
    readonly request: BookRequest
    readonly events: ReadonlyMap<string, readonly RealizedEvent[]>
    readonly valuations: ReadonlyMap<string, readonly Valuation[]>
  },
): Lot {
  return {
    id: row.id,
    symbol: row.symbol,
    investmentClass: row.investmentClass,
    quantity: row.quantity,
    entryPrice: row.entryPrice,
    entryDate: row.entryDate,
    quantityBasisDate: row.quantityBasisDate,
    underlyingSymbol: row.underlyingSymbol,
    enteredValue: row.enteredValue,
    recognition: isSettled(request, row.entryDate, row.recognition) ? row.recognition : null,
    events: events.get(row.id) ?? NO_EVENTS,
    valuations: valuations.get(row.id) ?? NO_VALUATIONS,
  }
}

/**
 * Whether a stored recognition still holds. In a record that becomes one from inception all lots are
 * recognised anew; so is one that was held at the first snapshot and had no close by then, since older
 * prices may have been fetched meanwhile.
 */
function isSettled(
  { fromInception, firstSnapshot }: BookRequest,
  entryDate: IsoDate,
  recognition: Lot['recognition'],
): boolean {
  const isLate =
    recognition !== null && entryDate <= firstSnapshot && recognition.date > firstSnapshot
  return !fromInception && !isLate
}

function recordOf(
  { firstSnapshot, equityAsOf, fromInception }: BookRequest,
  { initialEquity, isFromInception }: { initialEquity: Cents; isFromInception: boolean },
): PortfolioRecord {
  return fromInception || isFromInception
    ? { kind: 'from_inception', firstSnapshot, initialEquity, equityAsOf }
    : { kind: 'snapshots', firstSnapshot, initialEquity }
}

async function selectPortfolios(db: Kysely<Tables>, ids: readonly string[]) {
  const { rows } = await sql<{
    id: string
    name: string
    initial_equity: string
    is_from_inception: boolean
  }>`
    select id, name, initial_equity, is_from_inception from portfolios where id = any(${ids}::uuid[])
  `.execute(db)
  return new Map(
    rows.map(({ id, name, initial_equity, is_from_inception: isFromInception }) => [
      id,
      { name, initialEquity: parseCents(initial_equity), isFromInception },
    ]),
  )
}

async function selectFlows(db: Kysely<Tables>, ids: readonly string[]) {
  const { rows } = await sql<{ portfolio_id: string; date: IsoDate; amount: string }>`
    select portfolio_id, change_date as date,
           case change_type when 'WITHDRAWAL' then -amount else amount end as amount
    from equity_changes
    where deleted_at is null and portfolio_id = any(${ids}::uuid[])
  `.execute(db)
  return groupInto(rows, 'portfolio_id', ({ date, amount }): Flow => {
    return { date, amount: parseCents(amount) }
  })
}

async function selectEvents(db: Kysely<Tables>, ids: readonly string[]) {
  const { rows } = await sql<{
    position_id: string
    trade_date: IsoDate
    quantity_closed: string
    exit_price: string
    reason: RealizedEvent['reason']
  }>`
    select position_id, trade_date, quantity_closed, exit_price, reason
    from position_realized_events
    where portfolio_id = any(${ids}::uuid[])
  `.execute(db)
  return groupInto(rows, 'position_id', (row): RealizedEvent => {
    return {
      tradeDate: row.trade_date,
      quantityClosed: parseMicros(row.quantity_closed),
      exitPrice: parseMicros(row.exit_price),
      reason: row.reason,
    }
  })
}

async function selectValuations(db: Kysely<Tables>, ids: readonly string[]) {
  const { rows } = await sql<{ position_id: string; date: IsoDate; market_value: string }>`
    select v.position_id, v.valuation_date as date, v.market_value
    from position_valuations v
    join positions p on p.id = v.position_id
    where p.portfolio_id = any(${ids}::uuid[])
  `.execute(db)
  return groupInto(rows, 'position_id', ({ date, market_value }): Valuation => {
    return { date, marketValue: parseCents(market_value) }
  })
}

type StoredLot = Omit<Lot, 'events' | 'valuations'>

/** Lots by portfolio. What many lots have in common is one string, not one for each. */
async function selectLots(db: Kysely<Tables>, ids: readonly string[]) {
  const { rows } = await sql<{
    portfolio_id: string
    id: string
    symbol: Ticker
    investment_class: Lot['investmentClass']
    quantity: string
    entry_price: string
    entry_date: IsoDate
    quantity_basis_date: IsoDate
    underlying_symbol: Ticker | null
    entered_value: string | null
    recognition_date: IsoDate | null
    recognition_price: string | null
  }>`
    select portfolio_id, id, symbol, investment_class, quantity, entry_price, entry_date,
           quantity_basis_date, underlying_symbol,
           coalesce(entered_market_value, case when price_status is null then market_value end) as entered_value,
           recognition_date, recognition_price
    from positions
    where deleted_at is null and portfolio_id = any(${ids}::uuid[])
    order by portfolio_id, entry_date, id
  `.execute(db)
  const one = sharedStrings()
  return groupInto(rows, 'portfolio_id', (row): StoredLot => {
    const { recognition_date: date, recognition_price: price } = row
    return {
      id: row.id,
      symbol: one(row.symbol),
      investmentClass: one(row.investment_class),
      quantity: parseMicros(row.quantity),
      entryPrice: parseMicros(row.entry_price),
      entryDate: one(row.entry_date),
      quantityBasisDate: one(row.quantity_basis_date),
      underlyingSymbol: row.underlying_symbol === null ? null : one(row.underlying_symbol),
      enteredValue: row.entered_value === null ? null : parseCents(row.entered_value),
      recognition:
        date === null || price === null ? null : { date: one(date), price: parseMicros(price) },
    }
  })
}

/** Answers the first of equal strings it was given, so that the others need not be kept. */
function sharedStrings(): <Text extends string>(text: Text) => Text {
  const known = new Map<string, string>()
  return <Text extends string>(text: Text) => {
    const first = known.get(text)
    if (first === undefined) known.set(text, text)
    return (first ?? text) as Text
  }
}

function groupInto<Row extends object, Key extends keyof Row, Value>(
  rows: readonly Row[],
  key: Key,
  toValue: (row: Row) => Value,
): ReadonlyMap<Row[Key], readonly Value[]> {
  const groups = new Map<Row[Key], Value[]>()
  for (const row of rows) {
    const group = groups.get(row[key])
    if (group === undefined) groups.set(row[key], [toValue(row)])
    else group.push(toValue(row))
  }
  return groups
}
