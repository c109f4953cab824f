import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { IsoDate, SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Breach, CheckReport, CheckScope } from '../check-report.ts'
import { isInScope } from './find-breaches.ts'

/** The rules that a snapshot keeps by itself and with the one before it. */
const SNAPSHOT_CHECKS = [
  'equity_rolls',
  'cash_and_net_are_nav',
  'pnl_composition',
  'daily_changes',
  'value_sums',
  'position_counts',
] as const
export type SnapshotCheck = (typeof SNAPSHOT_CHECKS)[number]

export interface SnapshotRuleScope extends CheckScope {
  /** Only the snapshots of this date; null = all. */
  readonly date: SessionDate | null
  /** Only these rules; all when not said. */
  readonly rules?: readonly SnapshotCheck[]
}

/**
 * Checks all complete snapshots against each other, by arithmetic on what is stored (chapter 50):
 *
 * - `equity_rolls`: equity = previous equity + daily P&L + daily flow, exactly (invariant 1)
 * - `cash_and_net_are_nav`: cash + net exposure = NAV = equity, exactly (invariant 2)
 * - `pnl_composition`: cumulative P&L − unrealized − realized − dividends changes only where a lot is
 *   recognised after the first snapshot, and then by its gain before (invariant 3); within a cent per lot,
 *   and the four cents that eight rounded figures make
 * - `daily_changes`: each daily figure is the change of its cumulative one, exactly
 * - `value_sums`: gross and net are sums of the long and short value, within the cent of rounding
 * - `position_counts`: long and short lots add up, partial means a missing mark
 *
 * "Previous" is the latest complete snapshot before, whatever the gap. A figure that is null breaks its rule.
 */
export async function findBrokenSnapshots(
  db: Kysely<Tables>,
  { portfolioIds, date, rules = SNAPSHOT_CHECKS }: SnapshotRuleScope,
): Promise<readonly CheckReport[]> {
  const asked = RULES.filter(({ check }) => rules.includes(check)).map(({ row }) => row)
  // What was recognised late is looked for in all snapshots there are: not without need.
  const recognised = rules.includes('pnl_composition')
  const { rows } = await sql<Breach & { readonly check: string }>`
    with complete as (
      select s.*, f.name
      from portfolios f
      cross join lateral (
        select coalesce(max(snapshot_date), ${date}::date, '-infinity') as since from portfolio_snapshots
        where portfolio_id = f.id and is_complete and snapshot_date < ${date}::date
      ) previous
      join portfolio_snapshots s on s.portfolio_id = f.id and s.is_complete
        and s.snapshot_date between previous.since and coalesce(${date}::date, 'infinity')
      where ${isInScope({ portfolioIds })}
    ),
    lots as (
      select portfolio_id, count(*) as lots from positions
      where deleted_at is null and ${recognised} group by portfolio_id
    ),
    late as materialized (${lateRecognitions(recognised)}),
    chained as (
      select c.*, coalesce(l.lots, 0) as lots, coalesce(late.gain_before, 0) as recognised,
             lag(c.snapshot_date) over w as previous_date,
             lag(c.equity_balance) over w as previous_equity,
             lag(c.cumulative_pnl) over w as previous_pnl,
             lag(c.cumulative_realized_pnl) over w as previous_realized,
             lag(c.cumulative_dividends) over w as previous_dividends,
             lag(c.cumulative_capital_flow) over w as previous_flow,
             lag(c.unrealized_pnl) over w as previous_unrealized
      from complete c
      left join lots l on l.portfolio_id = c.portfolio_id
      left join late on late.portfolio_id = c.portfolio_id and late.snapshot_date = c.snapshot_date
      window w as (partition by c.portfolio_id order by c.snapshot_date)
    )
    select r."check", c.portfolio_id as "portfolioId", c.name as portfolio, c.snapshot_date as date,
           r.what, r.expected::text as expected, r.actual::text as actual
    from chained c
    cross join lateral (values ${sql.join(asked)}) as r ("check", what, expected, actual, tolerance, needs_previous)
    where (${date}::date is null or c.snapshot_date = ${date}::date)
      and (c.previous_date is not null or not r.needs_previous)
      and (abs(r.expected - r.actual) <= r.tolerance) is not true
    order by c.name, c.portfolio_id, c.snapshot_date, r."check", r.what
  `.execute(db)
  const checked = await countSnapshots(db, { portfolioIds, date })
  const byCheck = Map.groupBy(rows, ({ check }) => check)
  return rules.map((check) => ({
    check,
    checked,
    breaches: (byCheck.get(check) ?? []).map(({ check: _, ...breach }) => breach),
  }))
}

function rule(
  check: SnapshotCheck,
  what: string,
  rest: { expected: string; actual: string; tolerance?: string; needsPrevious?: boolean },
) {
  const { expected, actual, tolerance = '0', needsPrevious = false } = rest
  return {
    check,
    row: sql.raw(
      `('${check}', '${what}', (${expected})::numeric, (${actual})::numeric, (${tolerance})::numeric, ${needsPrevious})`,
    ),
  }
}

const RULES = [
  rule('equity_rolls', 'equity_balance', {
    expected: 'c.previous_equity + c.daily_pnl + c.daily_capital_flow',
    actual: 'c.equity_balance',
    needsPrevious: true,
  }),
  rule('cash_and_net_are_nav', 'net_asset_value', {
    expected: 'c.cash_value + c.net_exposure',
    actual: 'c.net_asset_value',
  }),
  rule('cash_and_net_are_nav', 'equity_balance', {
    expected: 'c.net_asset_value',
    actual: 'c.equity_balance',
  }),
  rule('pnl_composition', 'cumulative_pnl', {
    expected: `c.previous_pnl + (c.unrealized_pnl - c.previous_unrealized)
      + (c.cumulative_realized_pnl - c.previous_realized)
      + (c.cumulative_dividends - c.previous_dividends) - c.recognised`,
    actual: 'c.cumulative_pnl',
    tolerance: 'greatest(c.lots, 4) * 0.01',
    needsPrevious: true,
  }),
  ...(
    [
      ['daily_pnl', 'cumulative_pnl', 'previous_pnl'],
      ['daily_realized_pnl', 'cumulative_realized_pnl', 'previous_realized'],
      ['daily_dividends', 'cumulative_dividends', 'previous_dividends'],
      ['daily_capital_flow', 'cumulative_capital_flow', 'previous_flow'],
    ] as const
  ).map(([daily, cumulative, previous]) =>
    rule('daily_changes', daily, {
      expected: `c.${cumulative} - case when c.previous_date is null then 0 else c.${previous} end`,
      actual: `c.${daily}`,
    }),
  ),
  rule('value_sums', 'gross_exposure', {
    expected: 'c.long_value - c.short_value',
    actual: 'c.gross_exposure',
    tolerance: '0.01',
  }),
  rule('value_sums', 'net_exposure', {
    expected: 'c.long_value + c.short_value',
    actual: 'c.net_exposure',
    tolerance: '0.01',
  }),
  rule('position_counts', 'num_positions', {
    expected: 'c.num_long_positions + c.num_short_positions',
    actual: 'c.num_positions',
  }),
  rule('position_counts', 'is_partial', {
    expected: '(c.positions_missing > 0)::int',
    actual: 'c.is_partial::int',
  }),
]

/**
 * What lots held at the first snapshot had gained before they were recognised at a later first close, by
 * the snapshot that first counts them: multiplier · open quantity · (recognition price − entry price), all on
 * the share basis of the recognition date. Nothing unless it is asked for.
 */
function lateRecognitions(isAsked: boolean): RawBuilder<unknown> {
  return sql`
  select p.portfolio_id, counted.snapshot_date,
         sum(case when p.investment_class = 'OPTIONS' then 100 * shares.factor else 1 end
             * position_open_quantity(p.id, p.recognition_date)
             * (p.recognition_price - p.entry_price / shares.factor)) as gain_before
  from (
    select portfolio_id, min(snapshot_date) as first from portfolio_snapshots
    where is_complete group by portfolio_id
  ) r
  join positions p on p.portfolio_id = r.portfolio_id and p.deleted_at is null
    and p.investment_class <> 'PRIVATE'
    and p.entry_date <= r.first and p.recognition_date > r.first
  cross join lateral (
    select min(s.snapshot_date) as snapshot_date from portfolio_snapshots s
    where s.portfolio_id = p.portfolio_id and s.is_complete and s.snapshot_date >= p.recognition_date
  ) counted
  cross join lateral (
    select carry_by_splits(
      1, case when p.investment_class = 'OPTIONS' then p.underlying_symbol else p.symbol end,
      p.quantity_basis_date, p.recognition_date) as factor
  ) shares
  where ${isAsked}
  group by p.portfolio_id, counted.snapshot_date
  `
}

async function countSnapshots(
  db: Kysely<Tables>,
  { portfolioIds, date }: { portfolioIds: readonly string[] | null; date: IsoDate | null },
): Promise<number> {
  const { rows } = await sql<{ snapshots: number }>`
    select count(*)::int as snapshots
    from portfolio_snapshots s
    join portfolios f on f.id = s.portfolio_id and f.deleted_at is null
    where s.is_complete and ${isInScope({ portfolioIds })}
      and (${date}::date is null or s.snapshot_date = ${date}::date)
  `.execute(db)
  return rows[0]?.snapshots ?? 0
}
