import type { SessionDate } from '../calendar/iso-date.ts'
import type { SymbolFactor } from '../symbol-cache/index.ts'
import { answerOf } from './envelope.ts'
import type { FrameLot } from './portfolio-frame.ts'
import { heldSymbols, symbolOf, withObviousReason } from './read-factor-exposures.ts'
import type { ReadSource } from './read-source.ts'
import { selectFactorNames } from './store/select-factor-names.ts'
import { selectLotGreeks } from './store/select-lot-greeks.ts'

/**
 * What each open lot inherits from its symbol, per dollar of the lot's value: the symbol's betas, times delta
 * dollars ÷ value for an option. A lot without any says why.
 */
export async function readPositionFactors({ db, frame, symbols }: ReadSource) {
  const found = await newestWithFits({ frame, symbols })
  const options = frame.lots.filter(({ investment_class: kind }) => kind === 'OPTIONS')
  const [names, greeks] = await Promise.all([
    selectFactorNames(db),
    selectLotGreeks(
      db,
      options.map(({ id }) => id),
      frame.dates,
    ),
  ])
  return answerOf(frame, found, (fits, date) => ({
    positions: frame.lots.map((lot) => {
      const own = greeks.find((row) => row.position_id === lot.id && row.date === date)
      const leverage = leverageOf(lot, own?.delta_dollars ?? null)
      const symbol = symbolOf(lot)
      const known = symbol === null ? [] : (fits.get(symbol) ?? [])
      const { id, symbol: name, investment_class } = lot
      const reason = reasonOf(lot, { leverage, fits: known })
      return {
        position_id: id,
        symbol: name,
        investment_class,
        market_value: lot.market_value,
        ...(reason === null ? {} : { reason }),
        factors: leverage === null ? [] : factorsOf(names, known, leverage),
      }
    }),
  }))
}

/** The fits of the newest session of which any symbol held has one. */
async function newestWithFits({ frame, symbols }: Pick<ReadSource, 'frame' | 'symbols'>) {
  const held = heldSymbols(frame.lots)
  const byDate = new Map<SessionDate, Awaited<ReturnType<typeof symbols.factors>>>()
  for (const date of frame.dates) {
    const fits = await symbols.factors(date, held)
    if (fits.size === 0) continue
    byDate.set(date, fits)
    break
  }
  return withObviousReason(
    frame,
    frame.find('position_factors', ({ snapshot_date }) => byDate.get(snapshot_date)),
  )
}

function leverageOf(lot: FrameLot, deltaDollars: number | null): number | null {
  if (lot.investment_class !== 'OPTIONS') return 1
  return deltaDollars === null || lot.market_value === null || lot.market_value === 0
    ? null
    : deltaDollars / lot.market_value
}

function reasonOf(
  { investment_class: kind, price_status: status }: FrameLot,
  { leverage, fits }: { readonly leverage: number | null; readonly fits: readonly SymbolFactor[] },
) {
  if (kind === 'PRIVATE') return 'no_public_positions'
  if (leverage === null) return 'no_greeks'
  if (fits.length > 0) return null
  return status === 'missing' ? 'no_price_data' : 'no_factor_exposures'
}

function factorsOf(
  names: ReadonlyMap<string, string>,
  fits: readonly SymbolFactor[],
  leverage: number,
) {
  return [...names].flatMap(([factorId, name]) => {
    const fit = fits.find((each) => each.factorId === factorId)
    if (fit === undefined) return []
    const { beta, stdError, rSquared } = fit
    return {
      factor_id: factorId,
      name,
      beta: beta * leverage,
      std_error: stdError === null ? null : stdError * Math.abs(leverage),
      r_squared: rSquared,
    }
  })
}
