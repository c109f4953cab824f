import { answerOf } from './envelope.ts'
import type { PortfolioSource } from './read-source.ts'
import { selectLotGreeks } from './store/select-lot-greeks.ts'

/** What the portfolio's options do to it, shares included in delta, and the Greeks of each option lot. */
export async function readGreeks({ db, frame }: PortfolioSource) {
  const options = frame.lots.filter(({ investment_class: kind }) => kind === 'OPTIONS')
  const rows = await selectLotGreeks(
    db,
    options.map(({ id }) => id),
    frame.dates,
  )
  const found = frame.find('greeks', (snapshot) =>
    snapshot.portfolio_delta === null ? null : snapshot,
  )
  return answerOf(frame, found, (snapshot, date) => ({
    portfolio_delta: snapshot.portfolio_delta,
    portfolio_gamma: snapshot.portfolio_gamma,
    portfolio_theta: snapshot.portfolio_theta,
    portfolio_vega: snapshot.portfolio_vega,
    positions: options.map(({ id, symbol, underlying_symbol }) => {
      const own = rows.find((row) => row.position_id === id && row.date === date)
      const names = { position_id: id, symbol, underlying_symbol }
      if (own === undefined) return { ...names, greeks: null, reason: 'no_greeks' as const }
      const { date: _, position_id, ...greeks } = own
      return { ...names, greeks }
    }),
  }))
}
