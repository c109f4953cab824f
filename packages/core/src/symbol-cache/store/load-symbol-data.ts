import type { Kysely } from 'kysely'
import { sessionOnOrBefore, sessionsBack } from '../../calendar/index.ts'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import { loadPricePanel, type PricePanel } from '../../returns/index.ts'
import type { Ticker } from '../../symbols/index.ts'
import type { FactorTable } from '../factor-table.ts'
import { SymbolData } from '../symbol-data.ts'
import { selectFactorFits } from './select-factor-fits.ts'
import { selectKnownSymbols } from './select-known-symbols.ts'
import { selectNewestDates } from './select-newest-dates.ts'

/** Closes of as many sessions as runs of the portfolio layer read: 275 and a margin, see `historyStart` of batch. */
const HISTORY_SESSIONS = 300

const NO_PANEL: PricePanel = { sessions: [], symbols: [], close: new Float64Array(0), events: [] }

/** Reads the prices of the last 300 sessions and the newest factors (of two dates) of every known symbol. */
export async function loadSymbolData(db: Kysely<Tables>): Promise<SymbolData> {
  const newest = await selectNewestDates(db)
  const factors = await selectTables(db, newest.factors)
  if (newest.prices === null) return new SymbolData(NO_PANEL, factors)
  const to = sessionOnOrBefore(newest.prices)
  const symbols = await selectKnownSymbols(db)
  const panel = await loadPricePanel(db, { symbols, from: historyStart(to), to })
  return new SymbolData(panel, factors)
}

/**
 * The same data with some symbols read again, known or not; null when it is not only theirs that is new,
 * because there are prices or factors of another date.
 */
export async function reloadSymbols(
  db: Kysely<Tables>,
  data: SymbolData,
  symbols: readonly Ticker[],
): Promise<SymbolData | null> {
  const { panel } = data
  const newest = await selectNewestDates(db)
  const to = panel.sessions.at(-1)
  const [from] = panel.sessions
  if (from === undefined || to === undefined || newest.prices === null) return null
  if (sessionOnOrBefore(newest.prices) !== to) return null
  if (newest.factors.join() !== data.factors.map(({ date }) => date).join()) return null
  const fresh = await loadPricePanel(db, { symbols: [...new Set(symbols)], from, to })
  const factors = await selectTables(db, newest.factors)
  return new SymbolData(withRows(panel, fresh), factors)
}

async function selectTables(
  db: Kysely<Tables>,
  dates: readonly SessionDate[],
): Promise<readonly FactorTable[]> {
  const tables: FactorTable[] = []
  for (const date of dates) tables.push(await selectFactorFits(db, date, null))
  return tables
}

function historyStart(to: SessionDate): SessionDate {
  return sessionsBack(to, HISTORY_SESSIONS - 1)
}

/** A panel with the rows of another one of the same sessions in place of its own, or added to it. */
function withRows(panel: PricePanel, fresh: PricePanel): PricePanel {
  const width = panel.sessions.length
  const rowOf = new Map(panel.symbols.map((symbol, row) => [symbol, row]))
  for (const symbol of fresh.symbols) if (!rowOf.has(symbol)) rowOf.set(symbol, rowOf.size)
  const close = new Float64Array(rowOf.size * width)
  close.set(panel.close)
  for (const [i, symbol] of fresh.symbols.entries()) {
    const row = rowOf.get(symbol) as number
    close.set(fresh.close.subarray(i * width, (i + 1) * width), row * width)
  }
  const replaced = new Set(fresh.symbols.map((symbol) => rowOf.get(symbol) as number))
  const events = [
    ...panel.events.filter(({ symbolIndex }) => !replaced.has(symbolIndex)),
    ...fresh.events.map((event) => ({
      ...event,
      symbolIndex: rowOf.get(fresh.symbols[event.symbolIndex] as Ticker) as number,
    })),
  ].sort((a, b) => a.symbolIndex - b.symbolIndex || a.sessionIndex - b.sessionIndex)
  return { sessions: panel.sessions, symbols: [...rowOf.keys()], close, events }
}
