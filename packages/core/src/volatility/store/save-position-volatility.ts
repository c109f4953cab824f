import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstagedLots,
  holdRows,
  upsertFromStage,
  type CopyRow,
  type Transaction,
  type WrittenRows,
} from '../../database/index.ts'
import type { VolatilityMetrics } from '../volatility-metrics.ts'

const STAGE = 'position_volatility_stage'

const COLUMNS = [
  { name: 'position_id', type: 'uuid' },
  { name: 'calculation_date', type: 'date' },
  { name: 'realized_vol_21d', type: 'double precision' },
  { name: 'realized_vol_63d', type: 'double precision' },
  { name: 'expected_vol_21d', type: 'double precision' },
  { name: 'vol_trend', type: 'text' },
  { name: 'vol_percentile', type: 'double precision' },
  { name: 'observations', type: 'integer' },
] as const

/** The volatility of a lot. */
export interface LotVolatility {
  readonly lotId: string
  readonly volatility: VolatilityMetrics
}

/**
 * Makes the volatilities of a date of some portfolios' lots exactly what was computed; a lot that is not
 * listed loses those it has. A repetition writes nothing.
 */
export async function savePositionVolatility(
  tx: Transaction,
  date: SessionDate,
  computed: { readonly portfolioIds: readonly string[]; readonly lots: readonly LotVolatility[] },
): Promise<WrittenRows> {
  const stage = await holdRows(tx, {
    name: STAGE,
    columns: COLUMNS,
    rows: volatilityRows(date, computed.lots),
  })
  const counts = await upsertFromStage(tx, {
    table: 'position_volatility',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['position_id', 'calculation_date'],
    onChange: { updated_at: sql`now()` },
  })
  const deleted = await deleteUnstagedLots(tx, {
    table: 'position_volatility',
    stage,
    date,
    portfolioIds: computed.portfolioIds,
    classes: ['PUBLIC', 'OPTIONS'],
  })
  return { ...counts, deleted }
}

function* volatilityRows(date: SessionDate, lots: readonly LotVolatility[]): Iterable<CopyRow> {
  for (const { lotId, volatility: v } of lots) {
    yield [
      ...[lotId, date, v.realized21d, v.realized63d, v.expected21d],
      ...[v.trend, v.percentile, v.observations],
    ]
  }
}
