import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import type { BookDollars } from '../exposures/symbol-dollars.ts'
import type { Ticker } from '../symbols/ticker.ts'

export interface ProviderBeta {
  readonly beta: number
  /** 0 to 100, of the market value of PUBLIC and OPTIONS lots without signs. */
  readonly coveragePct: number
}

/**
 * The companies' published betas weighted by net cents ÷ equity, which makes it comparable with the
 * calculated beta: both are moves of equity per move of the market.
 *
 * Missing data: a symbol without a published beta contributes nothing and lowers coverage;
 * `no_factor_exposures` when none has one, `ill_conditioned` when equity is not positive.
 *
 * @param equity cents
 */
export function providerBeta(
  { bySymbol, listed }: BookDollars,
  equity: number,
  betas: ReadonlyMap<Ticker, number>,
): AnalyticResult<ProviderBeta> {
  if (equity <= 0) return unavailable('ill_conditioned')
  let [moves, covered, symbols] = [0, 0, 0]
  for (const { symbol, net, gross } of bySymbol) {
    const beta = betas.get(symbol)
    if (beta === undefined) continue
    symbols += 1
    moves += net * beta
    covered += gross
  }
  if (symbols === 0) return unavailable('no_factor_exposures')
  return available({
    beta: moves / equity,
    coveragePct: listed > 0 ? (100 * covered) / listed : 0,
  })
}
