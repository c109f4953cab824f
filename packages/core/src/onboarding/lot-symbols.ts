import type { IsoDate } from '../calendar/iso-date.ts'
import type { Ticker } from '../symbols/index.ts'
import type { NewLot } from './csv/new-lot.ts'

/** The symbols that lots need of the symbol layer: those of open, unexpired lots that are not PRIVATE; sorted. */
export function lotSymbols(lots: readonly NewLot[], today: IsoDate): readonly Ticker[] {
  const symbols = new Set<Ticker>()
  for (const { symbol, investmentClass, option, exit } of lots) {
    if (investmentClass === 'PRIVATE' || exit !== null) continue
    if (option !== null && option.expiration < today) continue
    symbols.add(symbol)
    if (option !== null) symbols.add(option.underlying)
  }
  return [...symbols].sort()
}
