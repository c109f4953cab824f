import {
  awaitsStatements,
  ColumnFit,
  describeUniverse,
  dueProfiles,
  emptyProfileRow,
  profileRow,
  saveProfiles,
  selectCompanyStates,
  selectHeldSymbols,
  type AnsweredBatch,
  type CompanyState,
  type StoredBatch,
} from '../../company/index.ts'
import { transaction } from '../../database/index.ts'
import type { Profile } from '../../market-data/profile.ts'
import { ensureSymbols, type Ticker } from '../../symbols/index.ts'
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
    const { chunk, clock, companies, database, date } = context
    const written = await chunk.writtenOn(date)
    const listed = written.filter(({ assetType }) => assetType !== 'index')
    const names = listed.map(({ symbol }) => symbol)
    const states = await selectCompanyStates(database.db, names)
    const now = clock.now().toJSDate()
    const symbols = dueProfiles(states, await selectHeldSymbols(database.db, date), now)
    // A new symbol's row of the universe is filled from its profile in the same night.
    await ensureSymbols(database.db, listed, date)
    return runCompanyUpdate(context, {
      subject: 'profiles',
      symbols,
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
