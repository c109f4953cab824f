import { answerOf } from './envelope.ts'
import type { PortfolioSource } from './read-source.ts'
import { selectLotVolatility } from './store/select-lot-volatility.ts'

/** How much the portfolio moves, and each lot that has a volatility. Annual fractions. */
export async function readVolatility({ db, frame }: PortfolioSource) {
  const lots = await selectLotVolatility(
    db,
    frame.lots.map(({ id }) => id),
    frame.dates,
  )
  const found = frame.find('volatility', (snapshot) =>
    snapshot.realized_volatility_21d === null ? null : snapshot,
  )
  return answerOf(frame, found, (snapshot, date) => ({
    realized_volatility_21d: snapshot.realized_volatility_21d,
    realized_volatility_63d: snapshot.realized_volatility_63d,
    expected_volatility_21d: snapshot.expected_volatility_21d,
    volatility_trend: snapshot.volatility_trend,
    volatility_percentile: snapshot.volatility_percentile,
    positions: frame.lots.flatMap(({ id, symbol, investment_class }) => {
      const own = lots.find((row) => row.position_id === id && row.date === date)
      if (own === undefined) return []
      const { date: _, ...figures } = own
      return { ...figures, symbol, investment_class }
    }),
  }))
}
