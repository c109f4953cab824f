import { staleness } from '../calendar/index.ts'
import { answerOf } from './envelope.ts'
import type { FrameSnapshot } from './portfolio-frame.ts'
import type { PortfolioSource } from './read-source.ts'

/**
 * The newest complete snapshot, how old its prices are now, and why analytics of it are missing. Unlike other
 * answers it never falls back to the session before: money comes with the snapshot itself.
 */
export function readOverview({ frame, clock, settings }: PortfolioSource) {
  const settleMinutes = settings.marketSettleMinutes
  return answerOf(
    frame,
    frame.find('overview', (snapshot) => snapshot),
    (snapshot, date) => ({
      ...figuresOf(snapshot),
      leverage: ratio(snapshot.gross_exposure, snapshot.equity_balance),
      net_leverage: ratio(snapshot.net_exposure, snapshot.equity_balance),
      freshness: staleness({ dataDate: date, now: clock.now(), settleMinutes }),
      unavailable: frame.reasonsOn(date),
    }),
  )
}

function figuresOf({ snapshot_date, ...figures }: FrameSnapshot) {
  return figures
}

/** Null where equity is not positive. */
function ratio(amount: number, equity: number): number | null {
  return equity > 0 ? amount / equity : null
}
