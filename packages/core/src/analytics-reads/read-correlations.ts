import { correlateNow, CORRELATION_SESSIONS } from '../correlation/index.ts'
import { answerOf, type Found } from './envelope.ts'
import type { PortfolioSource } from './read-source.ts'
import { selectCorrelations, type CorrelationRow } from './store/select-correlations.ts'

/** Other limits than the night's; what is not given is as at night. */
export interface AskedLimits {
  readonly minWeight?: number | undefined
  readonly minValue?: number | undefined
}

/** How the larger holdings correlate, as computed at night, or now when other limits are asked for. */
export async function readCorrelationMatrix(source: PortfolioSource, asked: AskedLimits = {}) {
  const isAsNightly = asked.minWeight === undefined && asked.minValue === undefined
  const found = isAsNightly ? await stored(source) : await computed(source, asked)
  return answerOf(source.frame, found, ({ date, ...row }) => ({
    ...row,
    matrix: squareOf(row.symbols.length, row.matrix),
    positions_included: row.symbols.length,
    positions_excluded: row.excluded.length,
  }))
}

/**
 * How far the holdings move apart: 100·(1 − mean correlation of all pairs), between 0, where all move as one,
 * and 100, where they do not move together at all. Null for a single holding.
 */
export async function readDiversificationScore(source: PortfolioSource) {
  return answerOf(source.frame, await stored(source), (row) => {
    const overall = row.overall_correlation
    return {
      score: overall === null ? null : 100 * Math.min(1, Math.max(0, 1 - overall)),
      overall_correlation: overall,
      effective_positions: row.effective_positions,
      positions_included: row.symbols.length,
      positions_excluded: row.excluded.length,
    }
  })
}

async function stored({ db, frame }: PortfolioSource): Promise<Found<CorrelationRow>> {
  const rows = await selectCorrelations(db, frame.portfolioId, frame.dates)
  return frame.find('correlations', ({ snapshot_date }) =>
    rows.find(({ date }) => date === snapshot_date),
  )
}

async function computed(
  { db, frame, settings }: PortfolioSource,
  asked: AskedLimits,
): Promise<Found<CorrelationRow>> {
  const [date] = frame.dates
  if (date === undefined) return { date: null, reason: 'no_snapshot' }
  const result = await correlateNow(db, {
    portfolioId: frame.portfolioId,
    date,
    minWeight: asked.minWeight ?? settings.correlationMinWeight,
    minValue: asked.minValue ?? settings.correlationMinValue,
  })
  if (result === null) return { date, reason: 'not_calculated' }
  if (!result.success) return { date, reason: result.reason }
  const { matrix, symbols, excluded, observations, isRepaired } = result.metrics
  return {
    date,
    value: {
      date,
      duration_days: CORRELATION_SESSIONS,
      symbols,
      matrix: [...matrix],
      overall_correlation: result.metrics.overallCorrelation,
      effective_positions: result.metrics.effectivePositions,
      observations,
      is_repaired: isRepaired,
      excluded,
    },
  }
}

/** The whole matrix, 1 on the diagonal. */
function squareOf(size: number, triangle: readonly number[]): number[][] {
  const square = Array.from({ length: size }, () => new Array<number>(size).fill(1))
  let next = 0
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const value = triangle[next++] as number
      ;(square[i] as number[])[j] = value
      ;(square[j] as number[])[i] = value
    }
  }
  return square
}
