import {
  awaitsStatements,
  ColumnFit,
  describeUniverse,
  emptyProfileRow,
  profileRow,
  saveProfiles,
  type AnsweredBatch,
  type CompanyState,
  type StoredBatch,
} from '../../company/index.ts'
import { transaction } from '../../database/index.ts'
import type { Profile } from '../../market-data/profile.ts'
import { ensureSymbols, type Ticker } from '../../symbols/index.ts'
import { selectDueProfiles } from '../due-companies.ts'
import type { SymbolContext } from '../symbol-context.ts'
import type { Phase } from '../phase.ts'
import { runCompanyUpdate } from '../run-company-update.ts'

/**
 * Asks for the profiles that are missing or older than three days. A symbol that has none is remembered
 * with an empty row, so that it is asked for as seldom as the others.
 */
export const companyProfilesPhase: Phase<SymbolContext> = {
  name: 'company_profiles',
  step: null,
  critical: false,
  finalDateOnly: true,
  reads: ['symbol_universe', 'positions', 'factor_definitions', 'company_profiles'],
  writes: ['company_profiles', 'symbol_universe'],
  async run(context) {
    const { companies, database, date } = context
    const { listed, states, due } = await selectDueProfiles(context)
    // A new symbol's row of the universe is filled from its profile in the same night.
    await transaction(database, ({ db }) => ensureSymbols(db, listed, date))
    return runCompanyUpdate(context, {
      subject: 'profiles',
      symbols: due,
      ask: (batch, options) => companies.profiles(batch, options),
      store: (batch) => storeBatch(context, states, batch),
    })
  },
}

async function storeBatch(
  { clock, database }: SymbolContext,
  states: readonly CompanyState[],
  { answers, absent }: AnsweredBatch<Profile>,
): Promise<StoredBatch> {
  const now = clock.now().toJSDate()
  const waiting = new Set<Ticker>(
    states.filter((state) => awaitsStatements(state, now)).map(({ symbol }) => symbol),
  )
  const fits = answers.map(({ symbol }) => new ColumnFit(symbol))
  const rows = answers.map(({ symbol, value }, i) => {
    const profile = waiting.has(symbol) ? { ...value, nextEarningsDate: null } : value
    return profileRow(symbol, profile, fits[i] ?? new ColumnFit(symbol))
  })
  const counts = await transaction(database, async (tx) => {
    const saved = await saveProfiles(tx, [...rows, ...absent.map(emptyProfileRow)], now)
    await describeUniverse(
      tx.db,
      answers.map(({ symbol }) => symbol),
    )
    return saved
  })
  return { ...counts, refused: fits.flatMap(({ refused }) => refused) }
}
