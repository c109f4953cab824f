import type { SessionDate } from '../calendar/iso-date.ts'
import type { PortfolioQuality } from './store/select-portfolio-quality.ts'
import type { SymbolQuality } from './store/select-symbol-quality.ts'

export interface JudgedSymbol extends SymbolQuality {
  /** Share of the window's sessions with a close, in percent. */
  readonly coverage_pct: number
  /** What a new run could bring; empty for a symbol that has all, or is given a rest. */
  readonly lacks: readonly ('price' | 'factors')[]
}

export interface JudgedPortfolio extends PortfolioQuality {
  readonly lacks: readonly ('snapshot' | 'marks')[]
}

export interface QualityFrame {
  readonly effective: SessionDate
  /** Sessions in the window. */
  readonly sessions: number
  /** Returns with which every factor can be computed. */
  readonly minObservations: number
}

/** Contracts and indices have no factors of their own. */
const PRICES_ONLY: ReadonlySet<string> = new Set(['option', 'index'])

/**
 * What a symbol lacks: the close of the effective date; factors of that date, once it has the returns that
 * they need. Symbols at rest, which nobody serves, lack nothing that asking could bring; and a profile is
 * shown but not lacked, since there are providers without any.
 */
export function judgeSymbol(
  symbol: SymbolQuality,
  { effective, sessions, minObservations }: QualityFrame,
): JudgedSymbol {
  const hasPrice = symbol.newest_price === effective
  const isPlain = PRICES_ONLY.has(symbol.asset_type ?? '')
  const lacks: JudgedSymbol['lacks'][number][] = []
  if (symbol.is_active && !hasPrice) lacks.push('price')
  if (hasPrice && !isPlain && symbol.factors === 0 && symbol.prices > minObservations) {
    lacks.push('factors')
  }
  const share = sessions === 0 ? 0 : symbol.prices / sessions
  return { ...symbol, coverage_pct: Math.round(Math.min(1, share) * 1000) / 10, lacks }
}

/** What a portfolio lacks: the snapshot of the effective date, or marks of positions in its newest one. */
export function judgePortfolio(
  portfolio: PortfolioQuality,
  { effective }: Pick<QualityFrame, 'effective'>,
): JudgedPortfolio {
  const { newest_snapshot, equity_as_of, missing } = portfolio
  const isDue = equity_as_of === null || equity_as_of <= effective
  const lacks: JudgedPortfolio['lacks'][number][] = []
  if (isDue && (newest_snapshot === null || newest_snapshot < effective)) lacks.push('snapshot')
  if (missing > 0) lacks.push('marks')
  return { ...portfolio, lacks }
}
