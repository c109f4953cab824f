import { sessionsBack, sessionsBetween } from '../calendar/index.ts'
import { answerOf } from './envelope.ts'
import type { PortfolioSource } from './read-source.ts'
import { selectExplanations } from './store/select-explanations.ts'

/**
 * Where the P&L of the last sessions came from: factors, then what has lines of its own, then the rest. Lines
 * add up to the session's P&L.
 *
 * @param sessions how many sessions back from the newest snapshot
 */
export async function readPnlExplain({ db, frame }: PortfolioSource, sessions: number) {
  const [newest] = frame.dates
  const asked =
    newest === undefined ? [] : sessionsBetween(sessionsBack(newest, sessions - 1), newest)
  const rows = await selectExplanations(db, frame.portfolioId, asked)
  const found = frame.find('pnl_explain', ({ snapshot_date }) =>
    rows[0]?.date === snapshot_date ? rows : null,
  )
  return answerOf(
    frame,
    found,
    (all) => ({ sessions: all.map(({ date, value }) => ({ date, ...value })) }),
    ([first]) => first?.value.coverage_pct ?? null,
  )
}
