import type { IsoDate } from '../../calendar/iso-date.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import { selectNeededSymbols } from '../store/select-needed-symbols.ts'
import { selectSymbolStates } from '../store/select-symbol-states.ts'
import { isGivenUp, isReady } from '../symbol-state.ts'

/** The symbols that open positions of anybody need and that are neither ready nor given up for now. */
export async function findLacking(
  db: Kysely<Tables>,
  { today, now }: { readonly today: IsoDate; readonly now: Date },
): Promise<readonly Ticker[]> {
  const needed = await selectNeededSymbols(db, { portfolioId: null, today })
  const states = await selectSymbolStates(db, needed)
  return states
    .filter((state) => !isReady(state) && !isGivenUp(state, now))
    .map(({ symbol }) => symbol)
}
