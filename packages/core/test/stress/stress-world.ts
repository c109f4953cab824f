import type { ExposureLot } from '../../src/exposures/exposure-book.ts'
import { symbolDollars } from '../../src/exposures/symbol-dollars.ts'
import { parseCents } from '../../src/pnl/index.ts'
import {
  INTEREST_RATE,
  jointModel,
  lossLimit,
  MARKET,
  portfolioSensitivities,
  portfolioStress,
  scenarioMoves,
  symbolSensitivities,
  type JointFactors,
  type StressOutcome,
} from '../../src/stress/index.ts'
import type { ReturnPanel } from '../../src/returns/panel.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { metricsOf } from '../analytics/metrics-of.ts'
import { returnPanel } from '../factors/return-world.ts'
import { combine, randomColumns } from '../regression/random-columns.ts'

export const LENGTH = 300
export const LAST = LENGTH - 1
export const DURATION = 16.5

const STYLES = {
  Momentum: { proxy: 'MTUM', marketBeta: 1.05 },
  Value: { proxy: 'VTV', marketBeta: 0.9 },
  Growth: { proxy: 'VUG', marketBeta: 1.1 },
  Size: { proxy: 'IWM', marketBeta: 1.2 },
  Quality: { proxy: 'QUAL', marketBeta: 0.95 },
  'Low Volatility': { proxy: 'USMV', marketBeta: 0.7 },
}

export const FACTORS: JointFactors = {
  market: { name: MARKET, proxy: 'SPY' as Ticker },
  others: [
    ...Object.entries(STYLES).map(([name, { proxy }]) => ({ name, proxy: proxy as Ticker })),
    { name: INTEREST_RATE, proxy: 'TLT' as Ticker },
  ],
}

const [spy = new Float64Array(), ...noises] = randomColumns(61, 12, LENGTH)
const noise = (i: number): Float64Array => noises[i] ?? new Float64Array()

/** Proxies that move with the market and by themselves, growth against value, and two shares. */
export function stressReturns(): Record<string, Float64Array> {
  const proxies = Object.values(STYLES).map(({ proxy, marketBeta }, i): [string, Float64Array] => [
    proxy,
    combine([spy, noise(i), noise(1)], [marketBeta, 0.3, proxy === 'VUG' ? -0.2 : 0]),
  ])
  return {
    SPY: spy,
    ...Object.fromEntries(proxies),
    TLT: combine([spy, noise(6), noise(1)], [-0.3, 0.5, 0.1]),
    AAA: combine([spy, noise(2), noise(7)], [1.3, 0.4, 0.5]),
    BBB: combine([spy, noise(6), noise(8)], [0.6, 0.3, 0.4]),
  }
}

/** A date's model with the map of its symbols. */
export function worldOf(panel: ReturnPanel, factors: JointFactors = FACTORS) {
  const model = metricsOf(jointModel(panel, LAST, factors))
  return { model, sensitivities: symbolSensitivities(panel, LAST, model) }
}

export const world = worldOf(returnPanel(stressReturns()))

/** What lots on an equity lose or gain under shocks. */
export function stressOf(
  lots: readonly ExposureLot[],
  shocks: Readonly<Record<string, number>>,
  { equity = '1000000', of = world }: { equity?: string; of?: typeof world } = {},
): StressOutcome {
  const { model, sensitivities } = of
  return portfolioStress(
    model,
    {
      sensitivities: metricsOf(
        portfolioSensitivities(symbolDollars(lots), sensitivities, model.factors.length),
      ),
      lossLimit: lossLimit(lots, parseCents(equity)),
    },
    metricsOf(scenarioMoves(model, { shocks }, DURATION)),
  )
}
