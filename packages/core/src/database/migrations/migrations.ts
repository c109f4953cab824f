import type { Migration } from 'kysely/migration'
import { up as portfolios } from './0001-portfolios.ts'
import { up as marketData } from './0002-market-data.ts'
import { up as factors } from './0003-factors.ts'
import { up as analytics } from './0004-analytics.ts'
import { up as batchRuns } from './0005-batch-runs.ts'
import { up as openPositions } from './0006-open-positions.ts'
import { up as risk } from './0007-risk.ts'
import { up as roomForMarks } from './0008-room-for-marks.ts'

/**
 * All migrations, in order. One that was ever released is never edited: what it left behind in
 * databases stays, so a change is another migration. There is no way down but a backup.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-portfolios': { up: portfolios },
  '0002-market-data': { up: marketData },
  '0003-factors': { up: factors },
  '0004-analytics': { up: analytics },
  '0005-batch-runs': { up: batchRuns },
  '0006-open-positions': { up: openPositions },
  '0007-risk': { up: risk },
  '0008-room-for-marks': { up: roomForMarks },
}
