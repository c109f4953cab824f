import { z } from 'zod'

/** The fields of the form. What they must be is told by codes, so everything is taken as text here. */
export const uploadFields = z.strictObject({
  portfolio_name: z.string().optional(),
  account_name: z.string().optional(),
  account_type: z.string().optional().meta({
    description: 'taxable, ira, roth_ira, 401k, 403b, 529, hsa, trust or other.',
  }),
  equity_balance: z.string().optional().meta({
    description: 'Dollars: the net asset value of the whole account today.',
  }),
  description: z.string().optional(),
})

export const onboardedSchema = z
  .strictObject({
    portfolio_id: z.uuid(),
    portfolio_name: z.string(),
    account_name: z.string(),
    account_type: z.string(),
    equity_balance: z.number(),
    positions_imported: z.int(),
    total_positions: z.int(),
    mode: z.enum(['v2_instant', 'v1_batch']),
    status: z.enum(['ready', 'partial', 'processing']),
    snapshot_date: z.string().nullable(),
    net_asset_value: z.number().nullable(),
    pending_symbols: z.array(z.string()),
    batch_run_id: z.string().optional(),
    message: z.string(),
    next_step: z.string(),
  })
  .meta({ id: 'OnboardedPortfolio' })

export const dryRunSchema = onboardedSchema
  .omit({ portfolio_id: true, batch_run_id: true })
  .extend({ dry_run: z.literal(true), portfolio_id: z.null() })
  .meta({ id: 'OnboardingDryRun' })

export const calculationSchema = z
  .strictObject({
    status: z.enum(['started', 'completed']),
    portfolio_id: z.uuid(),
    batch_run_id: z.string().nullable(),
    poll_url: z.string(),
  })
  .meta({ id: 'Calculation' })

const activityLine = z.strictObject({
  at: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
})

export const statusSchema = z
  .strictObject({
    portfolio_id: z.uuid(),
    mode: z.enum(['v2_instant', 'v1_batch']),
    status: z.enum(['not_started', 'running', 'completed', 'partial', 'failed']),
    started_at: z.string().nullable(),
    elapsed_seconds: z.number(),
    overall_progress: z.strictObject({
      current_phase: z.string().nullable(),
      phases_completed: z.int(),
      phases_total: z.int(),
      percent_complete: z.number(),
    }),
    current_phase_progress: z.strictObject({
      current: z.number(),
      total: z.number(),
      unit: z.string(),
    }),
    phases: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(['pending', 'running', 'completed', 'failed']),
        duration_ms: z.number().nullable(),
      }),
    ),
    activity_log: z.array(activityLine).max(50),
    pending_symbols: z.array(z.string()),
    failed_symbols: z.array(z.strictObject({ symbol: z.string(), reason: z.string() })),
  })
  .meta({ id: 'OnboardingStatus' })

export const logSchema = z
  .strictObject({ portfolio_id: z.uuid(), lines: z.array(activityLine) })
  .meta({ id: 'OnboardingLog' })

export const symbolStatusSchema = z
  .strictObject({
    symbol: z.string(),
    status: z.enum(['ready', 'processing', 'pending', 'error', 'unknown']),
    estimated_seconds: z.number().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'SymbolStatus' })
