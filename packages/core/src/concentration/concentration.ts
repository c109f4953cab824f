import { available, unavailable, type AnalyticResult } from '../analytics/analytic-result.ts'
import type { ExposureLot } from '../exposures/exposure-book.ts'

export interface Concentration {
  /** Herfindahl-Hirschman index, 10,000·Σ w²: 10,000 for a single holding. */
  readonly hhi: number
  /** 10,000 ÷ HHI: as many equal holdings are as concentrated. */
  readonly effectivePositions: number
  /** The weight of the three largest holdings, a fraction. */
  readonly top3: number
  readonly top10: number
}

/**
 * How concentrated a portfolio is, w being |net market value of a symbol| ÷ Σ of these. All classes count:
 * an option is a holding of its own, and so is a PRIVATE symbol, even one spelled like a listed one.
 *
 * Missing data: lots whose mark is `missing` are left out. `no_active_positions` without open lots,
 * `no_price_data` when nothing is left that is worth anything.
 *
 * @param lots the open ones, in any order
 * @example $50,000, $30,000 and −$20,000: w = 0.5, 0.3, 0.2, HHI 3,800, effective number 2.63
 */
export function concentration(lots: readonly ExposureLot[]): AnalyticResult<Concentration> {
  if (lots.length === 0) return unavailable('no_active_positions')
  const net = new Map<string, bigint>()
  for (const { symbol, investmentClass, marketValue, priceStatus } of lots) {
    if (priceStatus === 'missing') continue
    const key = investmentClass === 'PRIVATE' ? `PRIVATE ${symbol}` : symbol
    net.set(key, (net.get(key) ?? 0n) + marketValue)
  }
  const values = [...net.values()].map((value) => Math.abs(Number(value))).sort((a, b) => b - a)
  const total = values.reduce((sum, value) => sum + value, 0)
  if (total === 0) return unavailable('no_price_data')
  const weights = values.map((value) => value / total)
  const hhi = 10_000 * weights.reduce((sum, weight) => sum + weight ** 2, 0)
  return available({
    hhi,
    effectivePositions: 10_000 / hhi,
    top3: sumOfFirst(weights, 3),
    top10: sumOfFirst(weights, 10),
  })
}

/** At most 1, which rounding could exceed. */
function sumOfFirst(weights: readonly number[], count: number): number {
  return Math.min(
    1,
    weights.slice(0, count).reduce((sum, weight) => sum + weight, 0),
  )
}
