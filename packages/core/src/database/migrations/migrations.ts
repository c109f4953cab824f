import type { Migration } from 'kysely/migration'
import * as portfolios from './0001-portfolios.ts'
import * as marketData from './0002-market-data.ts'
import * as factors from './0003-factors.ts'
import * as analytics from './0004-analytics.ts'
import * as batchRuns from './0005-batch-runs.ts'
import * as openPositions from './0006-open-positions.ts'

/** All migrations, in order. A migration that was ever released is never edited: add another. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-portfolios': portfolios,
  '0002-market-data': marketData,
  '0003-factors': factors,
  '0004-analytics': analytics,
  '0005-batch-runs': batchRuns,
  '0006-open-positions': openPositions,
}
