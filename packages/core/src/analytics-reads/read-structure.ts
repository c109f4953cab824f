import { answerOf } from './envelope.ts'
import type { PortfolioSource } from './read-source.ts'

/** Market values without signs by sector, as shares of equity and in dollars; they add up to gross exposure. */
export function readSectorExposure({ frame }: PortfolioSource) {
  const found = frame.find('sectors', (snapshot) =>
    snapshot.sector_exposure === null ? null : snapshot,
  )
  return answerOf(frame, found, (snapshot) => ({
    equity_balance: snapshot.equity_balance,
    gross_exposure: snapshot.gross_exposure,
    sectors: Object.entries(snapshot.sector_exposure ?? {})
      .map(([sector, weight]) => ({
        sector,
        weight,
        value: weight === null ? null : Math.round(weight * snapshot.equity_balance * 100) / 100,
      }))
      .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0) || (a.sector < b.sector ? -1 : 1)),
  }))
}

/** How concentrated the portfolio is; weights are of gross exposure by symbol. */
export function readConcentration({ frame }: PortfolioSource) {
  const found = frame.find('concentration', (snapshot) => (snapshot.hhi === null ? null : snapshot))
  return answerOf(frame, found, (snapshot) => ({
    hhi: snapshot.hhi,
    effective_num_positions: snapshot.effective_num_positions,
    top_3_concentration: snapshot.top_3_concentration,
    top_10_concentration: snapshot.top_10_concentration,
    num_positions: snapshot.num_positions,
  }))
}
