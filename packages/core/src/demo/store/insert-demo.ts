import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { PlannedPortfolio } from '../plan-demo-portfolio.ts'

/** No hash is like this one: nobody can log in. */
const NO_PASSWORD = '!'

/** Adds the demo's user unless it exists. */
export async function insertDemoUser(db: Kysely<Tables>, id: string): Promise<void> {
  await db
    .insertInto('users')
    .values({
      id,
      email: 'demo@sigmasight.example',
      password_hash: NO_PASSWORD,
      full_name: 'Demo User',
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/** Adds a portfolio with all its rows, in the caller's transaction, unless it exists. */
export async function insertDemoPortfolio(
  db: Kysely<Tables>,
  plan: PlannedPortfolio,
): Promise<{ readonly lots: number; readonly equityAsOf: string; readonly isNew: boolean }> {
  const { id } = plan.portfolio
  const added = await db
    .insertInto('portfolios')
    .values(plan.portfolio)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added !== undefined) {
    await db
      .insertInto('positions')
      .values([...plan.positions])
      .execute()
    const { events, valuations, flows } = plan
    if (events.length > 0)
      await db
        .insertInto('position_realized_events')
        .values([...events])
        .execute()
    if (valuations.length > 0)
      await db
        .insertInto('position_valuations')
        .values([...valuations])
        .execute()
    if (flows.length > 0)
      await db
        .insertInto('equity_changes')
        .values([...flows])
        .execute()
  }
  const { equity_as_of } = await db
    .selectFrom('portfolios')
    .select('equity_as_of')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const lots = await db
    .selectFrom('positions')
    .select('id')
    .where('portfolio_id', '=', id)
    .where('deleted_at', 'is', null)
    .execute()
  return { lots: lots.length, equityAsOf: equity_as_of ?? '-', isNew: added !== undefined }
}
