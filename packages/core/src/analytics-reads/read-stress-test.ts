import { answerOf, type Found } from './envelope.ts'
import type { PortfolioSource } from './read-source.ts'
import { selectStressResults, type StressRow } from './store/select-stress-results.ts'

/** What every active scenario would do to the portfolio, in dollars and as shares of equity. */
export async function readStressTest({ db, frame }: PortfolioSource) {
  const all = await selectStressResults(db, frame.portfolioId, frame.dates)
  const found = frame.find('stress_tests', ({ snapshot_date: date }) => {
    const rows = all.filter((row) => row.date === date)
    return rows.length === 0 ? null : rows
  })
  return answerOf(frame, reasonOfAll(found), (rows, date) => {
    const equity = frame.snapshotOn(date)?.equity_balance ?? null
    return { equity_balance: equity, scenarios: rows.map((row) => scenarioOf(row, equity)) }
  })
}

/** Where no scenario has figures, the reason of the first is that of the answer. */
function reasonOfAll(found: Found<readonly StressRow[]>): Found<readonly StressRow[]> {
  if (!('value' in found)) return found
  const [reason] = found.value.flatMap((row) => row.reason ?? [])
  const isWithoutFigures = found.value.every((row) => row.reason !== null)
  return isWithoutFigures && reason !== undefined ? { date: found.date, reason } : found
}

function scenarioOf({ date, reason, ...row }: StressRow, equity: number | null) {
  const shareOf = (pnl: number | null) =>
    pnl === null || equity === null || equity <= 0 ? null : pnl / equity
  return {
    ...row,
    direct_share: shareOf(row.direct_pnl),
    correlated_share: shareOf(row.correlated_pnl),
    ...(reason === null ? {} : { reason }),
  }
}
