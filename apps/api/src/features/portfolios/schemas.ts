import { z } from 'zod'
import {
  SNAPSHOT_COUNTS,
  SNAPSHOT_MONEY,
  SNAPSHOT_STATISTICS,
} from '@sigmasight/core/portfolio-reads'
import { decimal, id, isoDate, optionalText, portfolioParams, text } from '../../http/schemas.ts'

const LARGEST = 1e12
const NAME_LENGTH = 255
const NOTES_LENGTH = 2_000

const money = z.number()
const quantity = decimal({ min: -LARGEST, max: LARGEST, places: 6 })
const price = decimal({ min: 0, max: LARGEST, places: 6 })
const amount = decimal({ min: -LARGEST, max: LARGEST, places: 2 })

export const positionParams = portfolioParams.extend({ positionId: id })
export const closingParams = positionParams.extend({ closingId: id })
export const valuationParams = positionParams.extend({ valuationId: id })
export const equityChangeParams = portfolioParams.extend({ changeId: id })

export const snapshotQuery = z.strictObject({
  from: isoDate.optional(),
  to: isoDate.optional(),
})

export const portfolioChanges = z.strictObject({
  name: text(NAME_LENGTH).optional(),
  account_name: text(NAME_LENGTH).optional(),
  account_type: z
    .enum(['taxable', 'ira', 'roth_ira', '401k', '403b', '529', 'hsa', 'trust', 'other'])
    .optional(),
  description: optionalText(NOTES_LENGTH),
})

export const newPosition = z.strictObject({
  symbol: text(40),
  quantity: quantity.describe('Negative = short. Of today: after every split so far.'),
  entry_price: price,
  entry_date: isoDate,
  investment_class: z.enum(['PUBLIC', 'OPTIONS', 'PRIVATE']).optional(),
  investment_subtype: text(40).optional(),
  underlying_symbol: text(40).optional(),
  strike_price: price.optional(),
  expiration_date: isoDate.optional(),
  option_type: z.enum(['CALL', 'PUT']).optional(),
  market_value: amount.optional().describe('PRIVATE only.'),
  notes: optionalText(NOTES_LENGTH),
})

/** A lot's quantity and entry never change: it is deleted and entered again. */
const immutable = z.never({ error: 'It never changes: delete the position and enter it again.' })

export const positionChanges = z.strictObject({
  notes: optionalText(NOTES_LENGTH),
  investment_subtype: optionalText(40),
  quantity: immutable.optional(),
  entry_price: immutable.optional(),
  entry_date: immutable.optional(),
})

export const newClosing = z.strictObject({ quantity, price, date: isoDate })

export const newValuation = z.strictObject({
  valuation_date: isoDate,
  market_value: decimal({ min: 0, max: LARGEST, places: 2 }),
})

const changeType = z.enum(['CONTRIBUTION', 'WITHDRAWAL'])

export const newEquityChange = z.strictObject({
  change_type: changeType,
  amount,
  change_date: isoDate,
  notes: optionalText(NOTES_LENGTH),
})

export const equityChangeChanges = newEquityChange.partial()

export const recomputeSchema = z
  .object({
    status: z.enum(['none', 'completed', 'running', 'failed']),
    from: z.string().nullable(),
    to: z.string().nullable(),
    sessions: z.int(),
    batch_run_id: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({
    description:
      'What became of the snapshots that the edit put out of date. `running`: it goes on, and the portfolio shows it.',
  })

export const portfolioSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  account_name: z.string(),
  account_type: z.string(),
  description: z.string().nullable(),
  currency: z.string(),
  initial_equity: money,
  equity_balance: money,
  equity_as_of: z.string().nullable(),
  snapshot_date: z.string().nullable(),
  net_asset_value: money.nullable(),
  daily_pnl: money.nullable(),
  cumulative_pnl: money.nullable(),
  num_positions: z.int().nullable(),
  is_partial: z.boolean().nullable(),
  recompute: z.object({
    status: z.enum(['none', 'running']),
    from: z.string().nullable(),
    sessions: z.int(),
  }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})

export const positionSchema = z.object({
  id: z.uuid(),
  symbol: z.string(),
  company_name: z.string().nullable(),
  position_type: z.enum(['LONG', 'SHORT', 'LC', 'LP', 'SC', 'SP']),
  investment_class: z.enum(['PUBLIC', 'OPTIONS', 'PRIVATE']),
  investment_subtype: z.string().nullable(),
  quantity: z.number(),
  open_quantity: z.number().meta({ description: "On today's shares, less what was closed." }),
  entry_price: money,
  entry_date: z.string(),
  quantity_basis_date: z.string(),
  underlying_symbol: z.string().nullable(),
  strike_price: money.nullable(),
  expiration_date: z.string().nullable(),
  exit_price: money.nullable(),
  exit_date: z.string().nullable(),
  last_price: money.nullable(),
  last_price_date: z.string().nullable(),
  price_status: z.enum(['current', 'stale', 'missing', 'manual']).nullable(),
  market_value: money.nullable(),
  unrealized_pnl: money.nullable(),
  realized_pnl: money.nullable(),
  notes: z.string().nullable(),
  created_at: z.iso.datetime(),
  dataStatus: z.enum(['available', 'pending', 'unavailable']),
  error: z.string().nullable(),
})

export const closingSchema = z.object({
  id: z.uuid(),
  trade_date: z.string(),
  quantity_closed: z.number(),
  exit_price: money,
  realized_pnl: money.nullable(),
  reason: z.enum(['trade', 'expiry', 'assignment']),
})

export const valuationSchema = z.object({
  id: z.uuid(),
  valuation_date: z.string(),
  market_value: money,
})

export const equityChangeSchema = z.object({
  id: z.uuid(),
  change_type: changeType,
  amount: money,
  change_date: z.string(),
  notes: z.string().nullable(),
  created_at: z.iso.datetime(),
})

const columns = <Name extends string, Schema extends z.ZodType>(
  names: readonly Name[],
  schema: Schema,
) => Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>

export const snapshotSchema = z.object({
  snapshot_date: z.string(),
  ...columns(SNAPSHOT_MONEY, money.nullable()),
  ...columns(SNAPSHOT_COUNTS, z.int()),
  ...columns(SNAPSHOT_STATISTICS, z.number().nullable()),
  volatility_trend: z.string().nullable(),
  sector_exposure: z.unknown(),
  is_partial: z.boolean(),
})
