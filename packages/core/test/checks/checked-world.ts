import { sql, type Kysely } from 'kysely'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import type { CheckReport } from '../../src/checks/check-report.ts'
import { transaction, type Tables } from '../../src/database/index.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'

/** A week of sessions, all of them with snapshots. */
export const [MON, TUE, WED, THU, FRI] = [
  '2025-07-07',
  '2025-07-08',
  '2025-07-09',
  '2025-07-10',
  '2025-07-11',
] as const

const AFTER_WEEK = '2025-07-12' as IsoDate

/**
 * A week of a long/short book through a split, a dividend, a sale, an expiry, a private valuation, flows,
 * and a lot whose first close comes after the first snapshot; a book from inception; a book of nothing.
 */
export async function createCheckedWorld(): Promise<PortfolioWorld> {
  const world = await PortfolioWorld.create()
  await world.facts({
    bars: {
      ACME: {
        [MON]: { close: '700' },
        [TUE]: { close: '101.37', split: '7' },
        [WED]: { close: '99.80', dividend: '0.25' },
        [THU]: { close: '102.11' },
        [FRI]: { close: '103.45' },
      },
      BOLT: {
        [MON]: { close: '20.1234' },
        [TUE]: { close: '19.87' },
        [WED]: { close: '19.99', dividend: '0.1' },
        [FRI]: { close: '18.5' },
      },
      // Listed on Wednesday, a split on Thursday.
      LATE: {
        [WED]: { close: '12.5' },
        [THU]: { close: '6.3', split: '2' },
        [FRI]: { close: '6.21' },
      },
      BOLT250709C00019000: { [MON]: { close: '1.2' }, [TUE]: { close: '1.05' } },
    },
    betas: { ACME: 1.2, BOLT: 0.8 },
    betaDates: [THU, FRI],
    portfolios: [
      {
        name: 'Mixed',
        equity: '50000.00',
        asOf: MON,
        lots: [
          { symbol: 'ACME', quantity: '30', entry: '650.5', entryDate: '2025-06-02' },
          {
            symbol: 'BOLT',
            quantity: '-400',
            entry: '22',
            entryDate: '2025-06-03',
            closings: [{ date: WED, quantity: '150', price: '19.5' }],
          },
          {
            symbol: 'LATE',
            quantity: '100',
            entry: '10',
            entryDate: '2025-06-04',
            closings: [{ date: TUE, quantity: '20', price: '11' }],
          },
          {
            symbol: 'BOLT250709C00019000',
            underlying: 'BOLT',
            investmentClass: 'OPTIONS',
            quantity: '5',
            entry: '1.1',
            entryDate: MON,
          },
          {
            symbol: 'BARN',
            investmentClass: 'PRIVATE',
            quantity: '3',
            entry: '1000',
            entryDate: '2025-01-02',
            valuations: { '2025-03-01': '3100.00', [THU]: '3333.33' },
          },
        ],
        flows: [
          { date: TUE, amount: '2500.00' },
          { date: FRI, amount: '-300.50' },
        ],
      },
      { name: 'Cash', equity: '777.77', asOf: WED },
      {
        name: 'Private',
        equity: '9000.00',
        asOf: THU,
        lots: [
          {
            symbol: 'BARN',
            investmentClass: 'PRIVATE',
            quantity: '1',
            entry: '5000',
            entryDate: '2025-02-03',
          },
        ],
      },
    ],
  })
  await world.nights(MON, FRI)
  await refreshFromInception(world)
  return world
}

/** A book whose record begins on Tuesday although its equity is Thursday's. */
async function refreshFromInception(world: PortfolioWorld): Promise<void> {
  const id = await world.portfolio({ name: 'Inception', equity: '20000.00', asOf: THU })
  await world.lot(id, { symbol: 'ACME', quantity: '50', entry: '100.9', entryDate: TUE })
  await world.flow(id, { date: FRI, amount: '1000.00' })
  await world.refresh(FRI, {
    fromInception: true,
    scope: { kind: 'portfolio', portfolioId: id },
  })
}

/** What a check says after a change, which is then undone. */
export async function afterChange(
  world: PortfolioWorld,
  change: string,
  check: (db: Kysely<Tables>) => Promise<readonly CheckReport[]>,
): Promise<readonly CheckReport[]> {
  let reports: readonly CheckReport[] = []
  await transaction(world.store.database, async ({ db }) => {
    await sql.raw(change).execute(db)
    reports = await check(db)
    throw new Undo()
  }).catch((thrown: unknown) => {
    if (!(thrown instanceof Undo)) throw thrown
  })
  return reports
}

class Undo extends Error {}

/** `check on date: what expected → actual` of every breach, portfolio first. */
export function breachesOf(reports: readonly CheckReport[]): readonly string[] {
  return reports.flatMap(({ check, breaches }) =>
    breaches.map(({ portfolio, date, what }) => {
      return `${portfolio}: ${check} on ${date ?? AFTER_WEEK}: ${what.replace(/ [0-9a-f-]{36}$/, '')}`
    }),
  )
}
