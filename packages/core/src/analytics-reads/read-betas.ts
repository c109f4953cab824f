import { answerOf, type Found } from './envelope.ts'
import type { FrameSnapshot } from './portfolio-frame.ts'
import type { PortfolioSource } from './read-source.ts'
import { selectExposures } from './store/select-exposures.ts'

/** Beta of the holdings' returns on the market's over 90 sessions. */
export function readCalculatedBeta({ frame }: PortfolioSource) {
  return answerOf(frame, calculated({ frame }), calculatedFigures)
}

/** The companies' published betas, weighted. */
export function readProviderBeta({ frame }: PortfolioSource) {
  return answerOf(
    frame,
    provider({ frame }),
    ({ beta_provider_1y: beta }) => ({ beta }),
    ({ snapshot_date: date }) => frame.coverageOn(date, 'provider'),
  )
}

/**
 * The betas of the portfolio beside each other: of its holdings' returns, of the companies' published ones,
 * and the market factor's sum of dollar exposures. One that is missing says why.
 */
export async function readBetaComparison({ db, frame }: PortfolioSource) {
  const exposures = await selectExposures(db, frame.portfolioId, frame.dates)
  const [own, published] = [calculated({ frame }), provider({ frame })]
  const found = 'value' in own ? own : 'value' in published ? published : own
  return answerOf(frame, found, (_, date) => {
    const market = exposures.find(
      (row) => row.date === date && row.calculation_method === 'ols_market',
    )
    const beta = 'value' in own ? own.value.beta_calculated_90d : null
    const other = 'value' in published ? published.value.beta_provider_1y : null
    return {
      calculated_90d: 'value' in own ? calculatedFigures(own.value) : null,
      ...('value' in own ? {} : { calculated_90d_reason: own.reason }),
      provider_1y: other === null ? null : { beta: other },
      ...('value' in published ? {} : { provider_1y_reason: published.reason }),
      market_factor:
        market === undefined ? null : { beta: market.beta, std_error: market.std_error },
      difference: beta === null || other === null ? null : beta - other,
    }
  })
}

function calculated({ frame }: Pick<PortfolioSource, 'frame'>): Found<FrameSnapshot> {
  return frame.find('beta', (snapshot) => (snapshot.beta_calculated_90d === null ? null : snapshot))
}

function provider({ frame }: Pick<PortfolioSource, 'frame'>): Found<FrameSnapshot> {
  return frame.find('provider_beta', (snapshot) =>
    snapshot.beta_provider_1y === null ? null : snapshot,
  )
}

function calculatedFigures(snapshot: FrameSnapshot) {
  return {
    beta: snapshot.beta_calculated_90d,
    r_squared: snapshot.beta_calculated_90d_r_squared,
    observations: snapshot.beta_calculated_90d_observations,
  }
}
