import type { z } from 'zod'
import type { RecomputeState } from '@sigmasight/core/portfolio-edits'
import {
  SNAPSHOT_MONEY,
  type ClosingRow,
  type EquityChangeRow,
  type PortfolioSummary,
  type PositionRow,
  type StoredSnapshot,
  type ValuationRow,
} from '@sigmasight/core/portfolio-reads'
import { toNumber } from '../../http/schemas.ts'
import type { portfolioSchema, positionSchema, snapshotSchema } from './schemas.ts'

/** Rows as the API says them: amounts as numbers, instants as text. */
export function toPortfolioBody(row: PortfolioSummary): z.input<typeof portfolioSchema> {
  const { outdated_sessions: sessions, outdated_from: from, ...rest } = row
  return {
    ...rest,
    initial_equity: toNumber(row.initial_equity),
    equity_balance: toNumber(row.equity_balance),
    net_asset_value: toNumber(row.net_asset_value),
    daily_pnl: toNumber(row.daily_pnl),
    cumulative_pnl: toNumber(row.cumulative_pnl),
    recompute: { status: sessions === 0 ? 'none' : 'running', from, sessions },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function toPositionBody(row: PositionRow): z.input<typeof positionSchema> {
  const { data_status, ...rest } = row
  return {
    ...rest,
    quantity: toNumber(row.quantity),
    open_quantity: toNumber(row.open_quantity),
    entry_price: toNumber(row.entry_price),
    strike_price: toNumber(row.strike_price),
    exit_price: toNumber(row.exit_price),
    last_price: toNumber(row.last_price),
    market_value: toNumber(row.market_value),
    unrealized_pnl: toNumber(row.unrealized_pnl),
    realized_pnl: toNumber(row.realized_pnl),
    created_at: row.created_at.toISOString(),
    dataStatus: data_status,
  }
}

export function toClosingBody(row: ClosingRow) {
  return {
    ...row,
    quantity_closed: toNumber(row.quantity_closed),
    exit_price: toNumber(row.exit_price),
    realized_pnl: toNumber(row.realized_pnl),
  }
}

export function toValuationBody(row: ValuationRow) {
  return { ...row, market_value: toNumber(row.market_value) }
}

export function toEquityChangeBody(row: EquityChangeRow) {
  return { ...row, amount: toNumber(row.amount), created_at: row.created_at.toISOString() }
}

export function toSnapshotBody(row: StoredSnapshot): z.input<typeof snapshotSchema> {
  const money = SNAPSHOT_MONEY.map((name) => [name, toNumber(row[name])] as const)
  const amounts = Object.fromEntries(money) as Record<
    (typeof SNAPSHOT_MONEY)[number],
    number | null
  >
  return { ...row, ...amounts }
}

export function toRecomputeBody({ batchRunId, ...state }: RecomputeState) {
  return { ...state, batch_run_id: batchRunId }
}
