import type { Kysely } from 'kysely'
import { sessionsBack } from '../calendar/index.ts'
import type { SessionDate } from '../calendar/iso-date.ts'
import type { Tables } from '../database/index.ts'
import { proxySymbols, selectActiveDefinitions } from '../factors/index.ts'
import { selectNightlySymbols } from '../symbols/index.ts'
import {
  judgePortfolio,
  judgeSymbol,
  type JudgedPortfolio,
  type JudgedSymbol,
} from './judge-quality.ts'
import { selectPortfolioQuality } from './store/select-portfolio-quality.ts'
import { selectSymbolQuality } from './store/select-symbol-quality.ts'

/** About a year: what the longest regression looks back on. */
const WINDOW_SESSIONS = 252

export interface Quality {
  readonly effective: SessionDate
  readonly symbols: readonly JudgedSymbol[]
  readonly portfolios: readonly JudgedPortfolio[]
}

/** What every symbol of the nightly work and every active portfolio has and lacks at the effective date. */
export async function loadQuality(db: Kysely<Tables>, effective: SessionDate): Promise<Quality> {
  const [symbols, portfolios] = await Promise.all([
    loadSymbols(db, effective),
    selectPortfolioQuality(db),
  ])
  return {
    effective,
    symbols,
    portfolios: portfolios.map((portfolio) => judgePortfolio(portfolio, { effective })),
  }
}

async function loadSymbols(
  db: Kysely<Tables>,
  effective: SessionDate,
): Promise<readonly JudgedSymbol[]> {
  const definitions = await selectActiveDefinitions(db)
  const from = sessionsBack(effective, WINDOW_SESSIONS - 1)
  const needed = await selectNightlySymbols(db, {
    from: effective,
    to: effective,
    proxies: proxySymbols(definitions),
    includeInactive: false,
    portfolioId: null,
  })
  const symbols = needed.map(({ symbol }) => symbol)
  const stored = await selectSymbolQuality(db, { symbols, from, to: effective })
  const minObservations = Math.max(0, ...definitions.map((factor) => factor.minObservations))
  const frame = { effective, sessions: WINDOW_SESSIONS, minObservations }
  return stored.map((symbol) => judgeSymbol(symbol, frame))
}
