import { sql } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import {
  deleteUnstagedLots,
  holdRows,
  upsertFromStage,
  type Transaction,
  type WrittenRows,
} from '../../database/index.ts'
import type { PositionGreeks } from '../position-greeks.ts'

const STAGE = 'position_greeks_stage'

const COLUMNS = [
  { name: 'position_id', type: 'uuid' },
  { name: 'calculation_date', type: 'date' },
  ...[
    'implied_volatility',
    'delta',
    'gamma',
    'theta',
    'vega',
    'rho',
    'delta_dollars',
    'gamma_dollars',
  ].map((name) => ({ name, type: 'double precision' })),
  { name: 'model', type: 'text' },
]

/** The Greeks of an option lot. */
export interface LotGreeks {
  readonly lotId: string
  readonly greeks: PositionGreeks
}

/**
 * Makes the Greeks of a date of some portfolios' option lots exactly what was computed; a lot that is not
 * listed loses those it has. A repetition writes nothing. `implied_volatility` is the one the Greeks were
 * computed with, `model` says where it is from.
 */
export async function savePositionGreeks(
  tx: Transaction,
  date: SessionDate,
  computed: { readonly portfolioIds: readonly string[]; readonly lots: readonly LotGreeks[] },
): Promise<WrittenRows> {
  const rows = computed.lots.map(({ lotId, greeks: g }) => [
    ...[lotId, date, g.volatility, g.delta, g.gamma, g.theta, g.vega, g.rho],
    ...[g.deltaDollars, g.gammaDollars, g.model],
  ])
  const stage = await holdRows(tx, { name: STAGE, columns: COLUMNS, rows })
  const counts = await upsertFromStage(tx, {
    table: 'position_greeks',
    stage,
    columns: COLUMNS.map(({ name }) => name),
    key: ['position_id', 'calculation_date'],
    onChange: { updated_at: sql`now()` },
  })
  const deleted = await deleteUnstagedLots(tx, {
    table: 'position_greeks',
    stage,
    date,
    portfolioIds: computed.portfolioIds,
    classes: ['OPTIONS'],
  })
  return { ...counts, deleted }
}
