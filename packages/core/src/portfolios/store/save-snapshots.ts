import { sql } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import {
  copyUpsert,
  holdRows,
  type CopyRow,
  type HeldRows,
  type Transaction,
} from '../../database/index.ts'
import { formatCents, formatMicros, type BookValue, type Cents } from '../../pnl/index.ts'
import { SNAPSHOT_MONEY } from '../snapshot-money.ts'

/** A portfolio's value on a date, ready to be stored. */
export interface SnapshotRow {
  readonly portfolioId: string
  /** What `equity_as_of` is from now on, where it was not known. */
  readonly equityAsOf: IsoDate
  readonly isFromInception: boolean
  readonly value: BookValue
}

const COUNT_COLUMNS = [
  'num_positions',
  'num_long_positions',
  'num_short_positions',
  'positions_stale',
  'positions_missing',
] as const

const LOT_STAGE = 'lot_marks_stage'

/**
 * Stores the snapshots of a date with everything that belongs to them, in the caller's transaction,
 * which holds the portfolios' row locks. Each takes its (portfolio, date) slot, also one that a crash
 * left incomplete, and is complete when the transaction commits. Marks of lots and the rolled equity
 * are set only where no later snapshot exists; recognition is filled where it was found.
 *
 * @param at when they were computed; bars that change later make them out of date
 */
export async function saveSnapshots(
  tx: Transaction,
  date: SessionDate,
  rows: readonly SnapshotRow[],
  at: Date,
): Promise<void> {
  await copyUpsert(
    tx,
    {
      table: 'portfolio_snapshots',
      columns: [
        { name: 'portfolio_id', type: 'uuid' },
        { name: 'snapshot_date', type: 'date' },
        ...SNAPSHOT_MONEY.map((name) => ({ name, type: 'numeric(18,2)' })),
        { name: 'daily_return', type: 'double precision' },
        ...COUNT_COLUMNS.map((name) => ({ name, type: 'integer' })),
        { name: 'is_partial', type: 'boolean' },
        { name: 'is_complete', type: 'boolean' },
        { name: 'updated_at', type: 'timestamptz' },
      ],
      key: ['portfolio_id', 'snapshot_date'],
    },
    snapshotValues(date, rows, at),
  )
  const ids = rows.map(({ portfolioId }) => portfolioId)
  const lots = await holdRows(tx, {
    name: LOT_STAGE,
    columns: [
      { name: 'id', type: 'uuid' },
      { name: 'last_price', type: 'numeric(18,6)' },
      { name: 'last_price_date', type: 'date' },
      { name: 'price_status', type: 'text' },
      { name: 'market_value', type: 'numeric(18,2)' },
      { name: 'unrealized_pnl', type: 'numeric(18,2)' },
      { name: 'realized_pnl', type: 'numeric(18,2)' },
      { name: 'recognition_date', type: 'date' },
      { name: 'recognition_price', type: 'numeric(18,6)' },
    ],
    rows: lotValues(rows),
  })
  const marked = await saveMarks(tx, lots, { date, portfolioIds: ids })
  if (marked < lots.count) await saveRecognition(tx, lots)
  await rollEquity(tx, date, rows)
}

function* snapshotValues(
  date: SessionDate,
  rows: readonly SnapshotRow[],
  at: Date,
): Iterable<CopyRow> {
  for (const { portfolioId, value } of rows) {
    const { snapshot: s } = value
    const money: readonly Cents[] = [
      s.equityBalance,
      s.netAssetValue,
      s.cashValue,
      s.longValue,
      s.shortValue,
      s.grossExposure,
      s.netExposure,
      s.dailyPnl,
      s.cumulativePnl,
      s.unrealizedPnl,
      s.dailyRealizedPnl,
      s.cumulativeRealizedPnl,
      s.dailyDividends,
      s.cumulativeDividends,
      s.dailyCapitalFlow,
      s.cumulativeCapitalFlow,
    ]
    yield [
      portfolioId,
      date,
      ...money.map(formatCents),
      s.dailyReturn,
      s.numPositions,
      s.numLongPositions,
      s.numShortPositions,
      s.positionsStale,
      s.positionsMissing,
      s.isPartial ? 't' : 'f',
      't',
      at.toISOString(),
    ]
  }
}

function* lotValues(rows: readonly SnapshotRow[]): Iterable<CopyRow> {
  for (const { value } of rows) {
    for (const lot of value.lots) {
      yield [
        lot.lotId,
        formatMicros(lot.lastPrice),
        lot.lastPriceDate,
        lot.priceStatus,
        formatCents(lot.marketValue),
        formatCents(lot.unrealizedPnl),
        formatCents(lot.realizedPnl),
        lot.recognition?.date ?? null,
        lot.recognition === null ? null : formatMicros(lot.recognition.price),
      ]
    }
  }
}

/** Of lots whose marks are of a later snapshot, which stay; the others got it with their marks. */
async function saveRecognition(tx: Transaction, lots: HeldRows): Promise<void> {
  await sql`
    update positions p
    set recognition_date = s.recognition_date, recognition_price = s.recognition_price,
        updated_at = now()
    from ${lots.from(['id', 'recognition_date', 'recognition_price'])}
    where p.id = s.id and s.recognition_date is not null
      and (p.recognition_date, p.recognition_price)
          is distinct from (s.recognition_date, s.recognition_price)
  `.execute(tx.db)
}

/** Returns how many lots have changed. */
async function saveMarks(
  tx: Transaction,
  lots: HeldRows,
  { date, portfolioIds }: { readonly date: SessionDate; readonly portfolioIds: readonly string[] },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update positions p
    set entered_market_value = coalesce(
          p.entered_market_value,
          case when p.investment_class = 'PRIVATE' and p.price_status is null then p.market_value end),
        last_price = s.last_price, last_price_date = s.last_price_date,
        price_status = s.price_status, market_value = s.market_value,
        unrealized_pnl = s.unrealized_pnl, realized_pnl = s.realized_pnl,
        recognition_date = coalesce(s.recognition_date, p.recognition_date),
        recognition_price = coalesce(s.recognition_price, p.recognition_price), updated_at = now()
    from ${lots.from()}, portfolios f
    where p.id = s.id and f.id = p.portfolio_id and f.id = any(${portfolioIds}::uuid[])
      and not exists (
        select from portfolio_snapshots later
        where later.portfolio_id = f.id and later.snapshot_date > ${date} and later.is_complete
      )
      and (p.last_price, p.last_price_date, p.price_status, p.market_value, p.unrealized_pnl,
           p.realized_pnl, p.recognition_date, p.recognition_price)
          is distinct from
          (s.last_price, s.last_price_date, s.price_status, s.market_value, s.unrealized_pnl,
           s.realized_pnl, coalesce(s.recognition_date, p.recognition_date),
           coalesce(s.recognition_price, p.recognition_price))
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}

async function rollEquity(
  tx: Transaction,
  date: SessionDate,
  rows: readonly SnapshotRow[],
): Promise<void> {
  const ids = rows.map(({ portfolioId }) => portfolioId)
  const dates = rows.map(({ equityAsOf }) => equityAsOf)
  const kinds = rows.map(({ isFromInception }) => isFromInception)
  await sql`
    update portfolios f
    set equity_as_of = coalesce(f.equity_as_of, r.equity_as_of),
        is_from_inception = r.is_from_inception,
        equity_balance = newest.equity_balance, updated_at = now()
    from unnest(${ids}::uuid[], ${dates}::date[], ${kinds}::boolean[])
      as r (id, equity_as_of, is_from_inception)
    cross join lateral (
      select equity_balance from portfolio_snapshots
      where portfolio_id = r.id and is_complete and snapshot_date >= ${date}
      order by snapshot_date desc limit 1
    ) newest
    where f.id = r.id
      and (f.equity_as_of is null
        or (f.equity_balance, f.is_from_inception)
           is distinct from (newest.equity_balance, r.is_from_inception))
  `.execute(tx.db)
}
