import { sql } from 'kysely'
import { previousSession } from '../../src/calendar/index.ts'
import type { PhaseResult } from '../../src/batch/result.ts'
import type { LotFact } from '../portfolios/facts.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'
import { stressReturns } from '../stress/stress-world.ts'
import { range, session } from './batch-world.ts'
import { storeReturns } from './stored-returns.ts'

export const EVENING = '2025-07-10'
/** The session before. */
export const BEFORE = previousSession(session(EVENING))
/** A call on the market. */
export const CALL = 'SPY250919C00100000'
/** Everything of the evening once more. */
export const AGAIN = { ...range(EVENING, EVENING), force: true }

/** A market in which all proxies and two shares have 300 sessions up to the evening, on which each costs $100. */
export const RETURNS = stressReturns()

/** Stores the market without some of its symbols. */
export async function storeMarket(world: PortfolioWorld, ...without: readonly string[]) {
  const stored = Object.entries(RETURNS).filter(([symbol]) => !without.includes(symbol))
  await storeReturns(world, EVENING, Object.fromEntries(stored))
}

/** A lot worth so many dollars on the evening, a short below zero. */
export function worth(symbol: string, dollars: number, changes: Partial<LotFact> = {}): LotFact {
  return {
    symbol,
    quantity: String(dollars / 100),
    entry: '100',
    entryDate: '2025-06-02',
    ...changes,
  }
}

/** A holding without a market. */
export function startup(dollars: number): LotFact {
  return worth('STARTUP', dollars, { investmentClass: 'PRIVATE', marketValue: String(dollars) })
}

/** Enters a portfolio as of the evening. */
export async function enter(
  world: PortfolioWorld,
  name: string,
  lots: readonly LotFact[],
  { equity = 100_000, asOf = EVENING }: { equity?: number; asOf?: string } = {},
): Promise<string> {
  const id = await world.portfolio({ name, equity: String(equity), asOf })
  for (const lot of lots) await world.lot(id, lot)
  return id
}

/** Runs on the evening and answers what a phase of it came to. */
export async function phaseOf(
  world: PortfolioWorld,
  phase: string,
  ...run: Parameters<PortfolioWorld['refresh']>
): Promise<PhaseResult> {
  const { dates } = await world.refresh(...run)
  const result = dates.at(-1)?.phases[phase]
  if (result === undefined) throw new Error(`${phase} did not run`)
  return result
}

/** What a phase has noted of why a portfolio has no figures on the evening. */
export async function reasonsOf(world: PortfolioWorld, phase: string, portfolioId: string) {
  const rows = await world.rows(sql<{ value: unknown }>`
    select value from daily_metrics
    where metric_date = ${EVENING} and metric_type = ${`${phase}_unavailable`}
      and dimensions = jsonb_build_object('portfolio_id', ${portfolioId}::text)
  `)
  return rows[0]?.value
}

/** Two evenings of a book with everything in it, and of one with nothing, in the world's own market. */
export async function enterTwoNights(world: PortfolioWorld): Promise<void> {
  await storeMarket(world)
  await sql`
    insert into symbol_factor_exposures (symbol, factor_id, calculation_date, beta_value, calculation_method)
    select s.symbol, d.id, ${EVENING}, 1, d.calculation_method
    from (values ('AAA'), ('BBB'), ('SPY')) as s (symbol)
    cross join factor_definitions d where d.name in ('Momentum', 'Market Beta (90D)')
  `.execute(world.db)
  await world.bars(CALL, { [BEFORE]: '4', [EVENING]: '4.1' })
  const call = worth(CALL, 0, {
    quantity: '5',
    entry: '4',
    investmentClass: 'OPTIONS',
    underlying: 'SPY',
  })
  await enter(world, 'Book', [worth('AAA', 40_000), worth('BBB', -20_000), call, startup(9_000)], {
    asOf: BEFORE,
  })
  await enter(world, 'Cash', [], { asOf: BEFORE })
  await world.refresh(BEFORE)
  const { status } = await world.refresh(EVENING)
  if (status !== 'completed') throw new Error(`the run ended as ${status}`)
}
