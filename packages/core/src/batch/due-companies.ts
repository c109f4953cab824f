import type { SessionDate } from '../calendar/iso-date.ts'
import type { Clock } from '../clock/clock.ts'
import {
  dueFundamentals,
  dueProfiles,
  selectCompanyStates,
  selectHeldSymbols,
  type CompanyState,
} from '../company/index.ts'
import type { Database } from '../database/index.ts'
import type { NightlySymbol, Ticker } from '../symbols/index.ts'
import type { SymbolChunk } from './symbol-chunk.ts'

export interface CompanyQuery {
  readonly chunk: SymbolChunk
  readonly clock: Clock
  readonly database: Database
  readonly date: SessionDate
}

export interface DueProfiles {
  /** Whoever may have a profile: what the run writes, without indices. */
  readonly listed: readonly NightlySymbol[]
  readonly states: readonly CompanyState[]
  readonly due: readonly Ticker[]
}

/** Whose profile is missing or older than three days, the most urgent first. */
export async function selectDueProfiles(query: CompanyQuery): Promise<DueProfiles> {
  const { chunk, clock, database, date } = query
  const written = await chunk.writtenOn(date)
  const listed = written.filter(({ assetType }) => assetType !== 'index')
  const names = listed.map(({ symbol }) => symbol)
  const states = await selectCompanyStates(database.db, names)
  const held = await selectHeldSymbols(database.db, date)
  return { listed, states, due: dueProfiles(states, held, clock.now().toJSDate()) }
}

/** The held companies whose financial statements are due. */
export async function selectDueStatements(query: CompanyQuery): Promise<readonly Ticker[]> {
  const { chunk, clock, database, date } = query
  const held = await selectHeldSymbols(database.db, date)
  const candidates = (await chunk.writtenOn(date)).filter(
    ({ symbol, assetType }) => assetType === 'equity' && held.has(symbol),
  )
  const names = candidates.map(({ symbol }) => symbol)
  const states = await selectCompanyStates(database.db, names)
  const equities = states.filter(({ isEquity }) => isEquity)
  return dueFundamentals(equities, clock.now().toJSDate())
}
