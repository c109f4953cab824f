import { z } from 'zod'
import { BatchJobType } from '@sigmasight/core/job-tracker'

/** The types of run, as the ledger calls them. */
export const batchType = z.enum(Object.values(BatchJobType))

export const runStatus = z.enum([
  'running',
  'completed',
  'completed_with_warnings',
  'failed',
  'aborted',
  'skipped',
  'cancelled',
])

const count = z.int().nonnegative()
const instant = z.string().meta({ description: 'An instant in UTC, ISO 8601.' })

const runFields = {
  batch_run_id: z.uuid(),
  job_type: z.string(),
  reason: z.string().nullable().meta({ description: 'Why it ended as it did, where it said so.' }),
  source: z.string(),
  triggered_by: z.string(),
  started_at: instant,
  completed_at: instant.nullable(),
  elapsed_seconds: z.number(),
  target_date: z.string().nullable(),
  jobs: z.object({ total: count, completed: count, failed: count }).meta({
    description:
      'While it runs, the total is what has ended and what is left of the phase under way.',
  }),
  current_job: z.string().nullable(),
  current_portfolio: z.string().nullable(),
  progress_percent: z.number().meta({ description: 'One decimal, at most 99 until it is done.' }),
  cancel_requested: z.boolean(),
}

export const runSchema = z.object({ ...runFields, status: z.string() })

export const currentSchema = z.union([
  z.object({ status: z.literal('idle'), message: z.string() }),
  z.object({ ...runFields, status: z.literal('running'), runs: z.array(runSchema) }),
])

export const startedSchema = z.object({
  status: z.literal('started'),
  batch_run_id: z.uuid().meta({ description: 'Of the first run, if there are several.' }),
  batch_run_ids: z.array(z.uuid()).meta({ description: 'One after the other.' }),
  poll_url: z.string(),
})

export const runParams = z.strictObject({ batchRunId: z.uuid() })
