import { exposureSymbol } from '../exposures/index.ts'
import type { Ticker } from '../symbols/index.ts'
import type { SymbolFactor } from '../symbol-cache/index.ts'
import { answerOf, type Found } from './envelope.ts'
import { rSquaredClass, tiltOf } from './factor-classes.ts'
import type { FrameLot, PortfolioFrame } from './portfolio-frame.ts'
import type { ReadSource } from './read-source.ts'
import { selectExposures, type ExposureRow } from './store/select-exposures.ts'

const SPREAD = 'spread_regression'

/** What the portfolio is exposed to, factor by factor, each with its band and how well it explains the holdings. */
export function readFactorExposures(source: ReadSource) {
  return readFactors(source, () => true)
}

/** The spread factors alone: which way the portfolio leans. */
export function readSpreadFactors(source: ReadSource) {
  return readFactors(source, ({ calculation_method: method }) => method === SPREAD)
}

async function readFactors(source: ReadSource, isWanted: (row: ExposureRow) => boolean) {
  const { db, frame, symbols } = source
  const all = await selectExposures(db, frame.portfolioId, frame.dates)
  const found = frame.find('exposures', ({ snapshot_date: date }) => {
    const rows = all.filter((row) => row.date === date)
    return rows.length === 0 ? null : rows
  })
  const wanted = withObviousReason(frame, ofWanted(found, isWanted))
  const held =
    'value' in wanted ? await symbols.factors(wanted.date, heldSymbols(frame.lots)) : null
  return answerOf(
    frame,
    wanted,
    (rows, date) => ({
      equity_balance: frame.snapshotOn(date)?.equity_balance ?? null,
      factors: rows.map((row) => factorOf(row, meanRSquared(row.factor_id, frame.lots, held))),
    }),
    smallestCoverage,
  )
}

function ofWanted(
  found: Found<readonly ExposureRow[]>,
  isWanted: (row: ExposureRow) => boolean,
): Found<readonly ExposureRow[]> {
  if (!('value' in found)) return found
  const value = found.value.filter(isWanted)
  const { date } = found
  return value.length > 0 ? { date, value } : { date, reason: 'no_factor_exposures' }
}

/** The exposures of a book without anything listed are not computed, and nothing needs to say so. */
export function withObviousReason<Value>(frame: PortfolioFrame, found: Found<Value>): Found<Value> {
  if (!('reason' in found) || found.reason !== 'not_calculated') return found
  const { date } = found
  if (frame.lots.length === 0) return { date, reason: 'no_active_positions' }
  const listed = frame.lots.filter(({ investment_class: kind }) => kind !== 'PRIVATE')
  return listed.length === 0 ? { date, reason: 'no_public_positions' } : found
}

function factorOf(row: ExposureRow, rSquared: number | null) {
  const { date, etf_proxy, short_proxy, ...figures } = row
  const isSpread = row.calculation_method === SPREAD && row.beta !== null
  return {
    ...figures,
    r_squared: rSquared,
    r_squared_class: rSquared === null ? null : rSquaredClass(rSquared),
    tilt: isSpread ? tiltOf(row.beta, { long: etf_proxy, short: short_proxy }) : null,
  }
}

function smallestCoverage(rows: readonly ExposureRow[]): number | null {
  const known = rows.flatMap(({ coverage_pct: pct }) => (pct === null ? [] : [pct]))
  return known.length === 0 ? null : Math.min(...known)
}

export function heldSymbols(lots: readonly FrameLot[]): readonly Ticker[] {
  return [...new Set(lots.flatMap((lot) => symbolOf(lot) ?? []))].sort()
}

/** The symbol whose betas a lot inherits. */
export function symbolOf(lot: FrameLot): Ticker | null {
  return exposureSymbol({
    symbol: lot.symbol,
    investmentClass: lot.investment_class,
    underlyingSymbol: lot.underlying_symbol,
  })
}

/** R² of the holdings' own fits, weighted by market values without signs; null when none is known. */
function meanRSquared(
  factorId: string,
  lots: readonly FrameLot[],
  fits: ReadonlyMap<Ticker, readonly SymbolFactor[]> | null,
): number | null {
  let [sum, weight] = [0, 0]
  for (const lot of lots) {
    const symbol = symbolOf(lot)
    const own = symbol === null ? undefined : fits?.get(symbol)
    const rSquared = own?.find((fit) => fit.factorId === factorId)?.rSquared ?? null
    if (rSquared === null || lot.market_value === null) continue
    sum += Math.abs(lot.market_value) * rSquared
    weight += Math.abs(lot.market_value)
  }
  return weight === 0 ? null : sum / weight
}
