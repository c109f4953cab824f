import type { PortfolioRunEnvironment, SymbolRunEnvironment } from './batch-environment.ts'
import { noteRepaired } from './note-repaired.ts'
import { portfolioLayer, portfolioPhaseNames } from './portfolio-layer.ts'
import type { RunResult } from './result.ts'
import { runBatch } from './run-batch.ts'
import type { RunRequest } from './run-request.ts'
import { runnable } from './runnable-layer.ts'
import { symbolLayer, symbolPhaseNames } from './symbol-layer.ts'

/** What the combined batch gets: what both layers need. */
export type LegacyRunEnvironment = SymbolRunEnvironment & PortfolioRunEnvironment

/**
 * The combined daily batch of `BATCH_V2_ENABLED=false`: all symbol phases, then all portfolio phases with
 * each portfolio's own missing sessions, in one process, on the same tables as the two programs. A run
 * of named symbols has no portfolio part.
 */
export async function runLegacyBatch(
  environment: LegacyRunEnvironment,
  request: RunRequest,
): Promise<RunResult> {
  const symbols = runnable(symbolLayer(environment, request))
  const portfolios = portfolioLayer(environment, request)
  const layers = request.scope.kind === 'symbols' ? [symbols] : [symbols, runnable(portfolios)]
  const result = await runBatch(environment, layers, request)
  await noteRepaired(environment, result, portfolios.failed())
  return result
}

/** The names that `--phase` knows in a combined batch, in the order the phases run. */
export function legacyPhaseNames(): readonly string[] {
  return [...symbolPhaseNames(), ...portfolioPhaseNames()]
}
