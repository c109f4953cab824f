import type { SessionAnalytics } from './store/select-session-analytics.ts'

const ANALYTICS = [
  'exposures',
  'volatility',
  'beta',
  'concentration',
  'correlations',
  'stress_tests',
] as const

/** A session with what it lacks. */
export interface JudgedSession extends SessionAnalytics {
  /** Analytics that fewer portfolios have, or have a reason for, than have a snapshot. */
  readonly short_of: readonly string[]
  readonly is_highlighted: boolean
}

/** Marks a session on which a snapshot lacks an analytic for no recorded reason. */
export function judgeSession(session: SessionAnalytics): JudgedSession {
  const short_of = ANALYTICS.filter((analytic) => {
    const { have, explained } = session[analytic]
    return have + explained < session.snapshots
  })
  return { ...session, short_of, is_highlighted: short_of.length > 0 }
}
