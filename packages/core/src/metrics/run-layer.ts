import type { JobType } from '../batch/job-type.ts'

/** The two layers of the nightly work, as metrics, alerts and `batch_run_tracking` call them. */
export const RUN_LAYERS = ['symbol_batch', 'portfolio_refresh'] as const
export type RunLayer = (typeof RUN_LAYERS)[number]

/** Which layers a full run of a type works on. */
export const LAYERS_OF: Readonly<Record<JobType, readonly RunLayer[]>> = {
  symbol_batch: ['symbol_batch'],
  portfolio_refresh: ['portfolio_refresh'],
  legacy_batch: RUN_LAYERS,
  symbol_onboarding: [],
}

/** The types whose full runs do a layer's work. */
export function jobTypesOf(layer: RunLayer): readonly JobType[] {
  return [layer, 'legacy_batch']
}
