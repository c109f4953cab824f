import { sql } from 'kysely'
import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import { BatchWorld } from '../../../../packages/core/test/batch/batch-world.ts'
import { insertFacts } from '../../../../packages/core/test/portfolios/facts.ts'
import { ApiWorld, type ApiWorldOptions, type UserCaller } from '../harness/api-world.ts'

export const EVENING = '2025-07-10'

/** The server on the morning after a night with one portfolio, and an administrator. */
export interface MorningAfter extends AsyncDisposable {
  readonly night: BatchWorld
  readonly world: ApiWorld
  readonly admin: UserCaller
}

/** Runs both layers in this process and starts the server over what they left. */
export async function morningAfter(options: ApiWorldOptions = {}): Promise<MorningAfter> {
  const night = await BatchWorld.create(
    ['ALTO', 'LOOM'],
    createSyntheticMarket({ seed: DEMO_SEED }),
  )
  const { rows } = await sql<{ id: string }>`
    insert into users (email, password_hash, full_name) values ('owner@example.com', '!', 'Owner')
    returning id
  `.execute(night.db)
  const lots = [
    { symbol: 'ALTO', quantity: '100', entry: '80', entryDate: '2025-06-02' },
    { symbol: 'LOOM', quantity: '200', entry: '30', entryDate: '2025-06-02' },
  ]
  const book = { name: 'Long', equity: '100000.00', asOf: EVENING, lots }
  await insertFacts(night.db, rows[0]?.id ?? '', { portfolios: [book], bars: {} })
  await night.run(EVENING)
  await night.refresh(EVENING)
  const world = await ApiWorld.start({
    now: `2025-07-11T01:00:00Z`,
    ...options,
    env: { LOG_LEVEL: 'silent', ...options.env },
    store: night.store,
  })
  return {
    night,
    world,
    admin: await world.admin(),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await night[Symbol.asyncDispose]()
    },
  }
}
