import type { Kysely } from 'kysely'
import { sessionOnOrBefore, sessionsBetween } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import { runDoctor, type CheckReport } from '../checks/index.ts'
import type { Tables } from '../database/index.ts'
import { DEMO_PORTFOLIO_IDS } from './seed-demo.ts'
import { selectDemoStates, type DemoState } from './store/select-demo-states.ts'

/**
 * What is wrong with the demo's portfolios as of an effective date, a line each: one that is not there, a
 * session without a complete snapshot from `equity_as_of` through the date, an invariant that does not hold.
 * None = all is well. Reads only.
 */
export async function verifyDemo(
  db: Kysely<Tables>,
  effectiveDate: SessionDate,
): Promise<readonly string[]> {
  const portfolioIds = [...DEMO_PORTFOLIO_IDS.keys()]
  const states = new Map(
    (await selectDemoStates(db, portfolioIds)).map((state) => [state.id, state]),
  )
  const problems = [...DEMO_PORTFOLIO_IDS].flatMap(([id, name]) =>
    problemsOf(name, states.get(id), effectiveDate),
  )
  const reports = await runDoctor(db, { portfolioIds })
  return [...problems, ...reports.flatMap(linesOf)]
}

function problemsOf(
  name: string,
  state: DemoState | undefined,
  effectiveDate: SessionDate,
): readonly string[] {
  if (state === undefined) return [`${name}: not there (pnpm ops seed-demo enters it)`]
  if (state.equityAsOf === null) return [`${name}: has no equity_as_of`]
  const have = new Set(state.snapshotDates)
  const due = sessionsBetween(sessionOnOrBefore(state.equityAsOf), effectiveDate)
  const lacking = due.filter((session) => !have.has(session))
  if (lacking.length === 0) return []
  const last = state.snapshotDates.at(-1) ?? 'none'
  return [
    `${name}: ${lacking.length} of ${due.length} snapshots lacking through ${effectiveDate}, first ${lacking[0] ?? ''}, latest there ${last}`,
  ]
}

function linesOf({ check, breaches }: CheckReport): readonly string[] {
  return breaches.map(
    ({ portfolio, date, what, expected, actual }) =>
      `${portfolio}: ${check} on ${date ?? '-'}: ${what} is ${actual ?? 'null'}, not ${expected ?? 'null'}`,
  )
}
