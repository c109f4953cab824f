import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql, type RawBuilder } from 'kysely'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { selectPortfolioQuality } from '../../src/run-ledger/store/select-portfolio-quality.ts'
import { selectSessionAnalytics } from '../../src/run-ledger/store/select-session-analytics.ts'
import { sessionsFrom } from '../batch/batch-world.ts'
import { seeded } from '../batch/seeded.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { addUser } from '../portfolios/portfolio-world.ts'

const SEED = 20_250_701
const SESSIONS = sessionsFrom('2025-07-01', '2025-07-11')
const FROM = '2025-07-07' as IsoDate
const NAMES = Array.from({ length: 25 }, (_, i) => `portfolio ${String.fromCharCode(97 + (i % 5))}`)
const REASONS = {
  exposures: ['exposures'],
  analytics: ['volatility', 'beta', 'concentration'],
  correlations: ['correlations'],
} as const
type Analytic = (typeof REASONS)[keyof typeof REASONS][number] | 'stress_tests'

/** What one portfolio has on one session. */
interface Slot {
  readonly portfolio: string
  readonly session: IsoDate
  readonly snapshot: 'complete' | 'incomplete' | 'none'
  readonly positions: number
  readonly stale: number
  readonly missing: number
  readonly has: readonly Analytic[]
  readonly explained: readonly Analytic[]
}

const ANALYTICS: readonly Analytic[] = [...Object.values(REASONS).flat(), 'stress_tests']

/** Anything beside anything: also rows without a snapshot, and figures that are there and explained away. */
function slotsOf(portfolios: readonly string[]): readonly Slot[] {
  const random = seeded(SEED)
  const below = (n: number) => Math.floor(random() * n)
  return portfolios.flatMap((portfolio, i) =>
    SESSIONS.map((session): Slot => {
      // A few end early, and one has nothing at all.
      const isOver = i === 0 || (i % 6 === 1 && session > '2025-07-08')
      const positions = below(4)
      const has = ANALYTICS.filter(() => random() < 0.7)
      return {
        portfolio,
        session,
        snapshot: isOver || random() < 0.1 ? 'none' : random() < 0.15 ? 'incomplete' : 'complete',
        positions,
        stale: below(positions + 1),
        missing: below(positions + 1),
        has,
        explained: ANALYTICS.filter(() => random() < 0.3),
      }
    }),
  )
}

let store: TestDatabase
let slots: readonly Slot[]
beforeAll(async () => {
  store = await createTestDatabase()
  const { rows } = await sql<{ id: string }>`
    insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity,
                            is_active, deleted_at)
    select ${await addUser(store)}, name, n, 'taxable', 1, 1, n % 9 <> 4, case n % 9 when 5 then now() end
    from unnest(${NAMES}::text[]) with ordinality as named (name, n)
    returning id
  `.execute(store.database.db)
  slots = slotsOf(rows.map(({ id }) => id))
  for (const insert of insertsOf(slots)) await insert.execute(store.database.db)
})
afterAll(() => store.drop())

function insertsOf(all: readonly Slot[]): readonly RawBuilder<unknown>[] {
  const having = (analytic: Analytic) => asRows(all.filter(({ has }) => has.includes(analytic)))
  return [
    sql`
      insert into portfolio_snapshots
        (portfolio_id, snapshot_date, is_complete, num_positions, positions_stale, positions_missing,
         realized_volatility_63d, beta_calculated_90d, hhi)
      select portfolio, session, snapshot = 'complete', positions, stale, missing,
             case when has ? 'volatility' then 0.2 end, case when has ? 'beta' then 1.1 end,
             case when has ? 'concentration' then 0.5 end
      from ${asRows(all)} where snapshot <> 'none'`,
    sql`
      insert into factor_exposures (portfolio_id, factor_id, calculation_date)
      select portfolio, f.id, session from ${having('exposures')} cross join factor_definitions f`,
    // Correlations of another length are none of 90 days.
    sql`
      insert into correlation_calculations
        (portfolio_id, calculation_date, duration_days, symbols, matrix)
      select portfolio, session, case when has ? 'correlations' then 90 else 30 end, '{}', '{}'
      from ${asRows(all)}`,
    sql`
      insert into stress_test_results (portfolio_id, calculation_date, scenario_id)
      select portfolio, session, s.scenario_id
      from ${having('stress_tests')} cross join stress_test_scenarios s`,
    ...Object.entries(REASONS).map(
      ([kind, analytics]) => sql`
        insert into daily_metrics (metric_date, metric_type, dimensions, value)
        select session, ${`${kind}_unavailable`}::text, jsonb_build_object('portfolio_id', portfolio),
               jsonb_object_agg(analytic, 'too_young')
        from ${asRows(all)}, jsonb_array_elements_text(explained) as analytic
        where analytic = any(${[...analytics]}::text[]) group by session, portfolio`,
    ),
    // Of the whole day, and of something else about a portfolio.
    sql`
      insert into daily_metrics (metric_date, metric_type, dimensions, value)
      select session, 'analytics_unavailable', '{}'::jsonb, '{"beta": "no_market"}'::jsonb
      from unnest(${SESSIONS}::date[]) as session
      union all
      select session, 'pnl_explain', jsonb_build_object('portfolio_id', portfolio), '{"beta": 1}'::jsonb
      from ${asRows(all)}`,
  ]
}

function asRows(some: readonly Slot[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(some)}::jsonb) as slot
    (portfolio uuid, session date, snapshot text, positions int, stale int, missing int,
     has jsonb, explained jsonb)`
}

describe('the counts of the ledger', () => {
  test('of the analytics of each session are those of its complete snapshots, one by one', async () => {
    const counts = (session: string) => {
      const due = slots.filter((slot) => slot.session === session && slot.snapshot === 'complete')
      const lacking = (analytic: Analytic) => due.filter(({ has }) => !has.includes(analytic))
      const counted = ANALYTICS.map((analytic) => {
        const without = lacking(analytic)
        const explained =
          analytic === 'stress_tests'
            ? []
            : without.filter((slot) => slot.explained.includes(analytic))
        return [
          analytic,
          { have: due.length - without.length, explained: explained.length },
        ] as const
      })
      return { session, snapshots: due.length, failed_items: 0, ...Object.fromEntries(counted) }
    }
    const plain = SESSIONS.filter((session) => session >= FROM).map(counts)
    expect(plain.length).toBe(5)
    expect(await selectSessionAnalytics(store.database.db, FROM)).toEqual(plain.reverse())
  })

  test('of each portfolio are those of its newest complete snapshot, whichever date that is', async () => {
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from portfolios where is_active and deleted_at is null order by name, id
    `.execute(store.database.db)
    const plain = rows.map(({ id, name }) => {
      const newest = slots.findLast((slot) => slot.portfolio === id && slot.snapshot === 'complete')
      const { positions = 0, stale = 0, missing = 0 } = newest ?? {}
      const marked = positions - missing
      return {
        ...{ portfolio_id: id, name, newest_snapshot: newest?.session ?? null, equity_as_of: null },
        ...{ positions, stale, missing },
        coverage_pct: positions === 0 ? null : Math.round((1000 * marked) / positions) / 10,
      }
    })
    const newest = new Set(plain.map(({ newest_snapshot: date }) => date))
    expect(newest.size).toBeGreaterThan(3)
    expect(await selectPortfolioQuality(store.database.db)).toEqual(plain)
  })
})
