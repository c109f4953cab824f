import { effectiveDate } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import type { RunSource } from '../batch/job-type.ts'
import type { LaunchAnswer } from '../run-launch/index.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import { selectEarliestEntry } from './store/select-earliest-entry.ts'

/** The first session that the calendar knows. */
const FIRST_SESSION = '1990-01-02' as SessionDate

/**
 * The range over which legacy mode computes a portfolio, from its earliest entry on. Null when that is from
 * before the calendar's time: such a record begins with the newest session, as in V2.
 */
export async function inceptionRange(
  { runs }: Pick<OnboardingParts, 'runs'>,
  portfolioId: string,
): Promise<{ readonly start: IsoDate; readonly end: SessionDate } | null> {
  const end = effectiveDate(runs.clock.now(), runs.settleMinutes)
  const earliest = (await selectEarliestEntry(runs.database.db, portfolioId)) ?? end
  if (earliest < FIRST_SESSION) return null
  return { start: earliest > end ? end : earliest, end }
}

/**
 * Starts the run of legacy mode that computes one portfolio from its earliest entry on, symbols and
 * portfolio, in a process of its own.
 */
export async function launchFirstRun(
  parts: Pick<OnboardingParts, 'runs' | 'launch'>,
  {
    portfolioId,
    userId,
    source,
    force,
  }: {
    readonly portfolioId: string
    readonly userId: string
    readonly source: RunSource
    readonly force: boolean
  },
): Promise<LaunchAnswer> {
  const range = await inceptionRange(parts, portfolioId)
  return parts.launch(
    {
      job: 'all',
      scope: { kind: 'portfolio', portfolioId },
      phases: null,
      dates: range,
      reprocess: 'missing',
      redo: false,
      fromInception: range !== null,
      source,
      triggeredBy: userId,
    },
    { force },
  )
}
