import type { Database } from '../database/index.ts'
import { linesOf, type StatusLine } from './onboarding-status.ts'
import { selectOnboardingRun } from './store/select-onboarding-run.ts'

/** Everything that the record of a portfolio's newest onboarding tells, oldest first. */
export async function onboardingLog(
  { db }: Database,
  portfolioId: string,
): Promise<readonly StatusLine[]> {
  const run = await selectOnboardingRun(db, portfolioId)
  return run === null ? [] : linesOf(run)
}
