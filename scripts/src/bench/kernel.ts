import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { computeFactors, type FactorDefinition } from '@sigmasight/core/factors'
import type { ReturnPanel } from '@sigmasight/core/returns'

const SEED = 20_260_101
const SYMBOLS = 10_000
const SESSIONS = 400
const REPEATS = 7

type Symbols = ReturnPanel['symbols']

/** The regressions of a new installation: market, rates, six styles jointly, four spreads. */
const DEFINITIONS: readonly FactorDefinition[] = [
  define('Market Beta (90D)', 'ols_market', ['SPY']),
  define('IR Beta', 'ols_ir', ['TLT']),
  define('Momentum', 'ridge_regression', ['MTUM']),
  define('Value', 'ridge_regression', ['VTV']),
  define('Growth', 'ridge_regression', ['VUG']),
  define('Size', 'ridge_regression', ['IWM']),
  define('Quality', 'ridge_regression', ['QUAL']),
  define('Low Volatility', 'ridge_regression', ['USMV']),
  define('Growth-Value Spread', 'spread_regression', ['VUG', 'VTV']),
  define('Momentum Spread', 'spread_regression', ['MTUM', 'SPY']),
  define('Size Spread', 'spread_regression', ['IWM', 'SPY']),
  define('Quality Spread', 'spread_regression', ['QUAL', 'SPY']),
]
const PROXIES = ['SPY', 'TLT', 'MTUM', 'VTV', 'VUG', 'IWM', 'QUAL', 'USMV']

export interface KernelBench {
  readonly name: string
  /** Median of the runs with complete histories, after the first. */
  readonly seconds: number
  readonly details: {
    readonly symbols: number
    readonly regressions: number
    /** The first run, before the engine has compiled anything. */
    readonly firstRunSeconds: number
    /** Every symbol lacks other returns, so that no two share a decomposition. */
    readonly allDifferentGapsSeconds: number
  }
}

/** Times the factor kernel: every regression of 10,000 symbols for one date, from returns in memory. */
export function benchKernel(): KernelBench {
  const complete = randomReturns()
  const gapped = withDifferentGaps(complete)
  const [first = NaN, ...later] = Array.from({ length: REPEATS }, () => secondsFor(complete))
  return {
    name: 'factor kernel',
    seconds: median(later),
    details: {
      symbols: SYMBOLS,
      regressions: DEFINITIONS.length,
      firstRunSeconds: first,
      allDifferentGapsSeconds: median(Array.from({ length: 3 }, () => secondsFor(gapped))),
    },
  }
}

function secondsFor(returns: ReturnPanel): number {
  const started = performance.now()
  const { estimates } = computeFactors({
    returns,
    sessionIndex: SESSIONS - 1,
    definitions: DEFINITIONS,
    providerBetas: new Map(),
    symbols: returns.symbols.slice(PROXIES.length),
  })
  const seconds = (performance.now() - started) / 1000
  const missing = estimates.filter(({ beta }) => beta.some((value) => Number.isNaN(value)))
  if (missing.length > 0) throw new Error(`No beta for some symbols: ${missing.length} factors`)
  return seconds
}

/** Returns of about one percent a day; symbols share a common movement. */
function randomReturns(): ReturnPanel {
  const generator = xoroshiro128plus(SEED)
  const uniform = () => (generator.next() >>> 0) / 2 ** 32 - 0.5
  const names = [...PROXIES, ...Array.from({ length: SYMBOLS }, (_, i) => `S${i}`)]
  const market = Float64Array.from({ length: SESSIONS }, () => 0.03 * uniform())
  return {
    sessions: Array.from(
      { length: SESSIONS },
      (_, i) => `${i}`,
    ) as readonly string[] as ReturnPanel['sessions'],
    symbols: names as readonly string[] as Symbols,
    values: Float64Array.from(
      { length: names.length * SESSIONS },
      (_, i) => (market[i % SESSIONS] as number) + 0.02 * uniform(),
    ),
  }
}

/** Takes from symbol n the returns at which n, in binary, has a one: no two lack the same. */
function withDifferentGaps(panel: ReturnPanel): ReturnPanel {
  const values = panel.values.slice()
  for (let n = 1; n <= SYMBOLS; n++) {
    const end = (PROXIES.length + n) * SESSIONS
    for (let bit = 0; n >> bit > 0; bit++) {
      if ((n >> bit) & 1) values[end - 1 - 5 * bit] = NaN
    }
  }
  return { ...panel, values }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function define(
  name: string,
  calculationMethod: FactorDefinition['calculationMethod'],
  [etfProxy, shortProxy]: readonly string[],
): FactorDefinition {
  const isSpread = calculationMethod === 'spread_regression'
  return {
    id: name,
    name,
    factorType: 'style',
    calculationMethod,
    etfProxy: (etfProxy ?? null) as FactorDefinition['etfProxy'],
    shortProxy: (shortProxy ?? null) as FactorDefinition['shortProxy'],
    windowDays: isSpread ? 180 : 90,
    minObservations: isSpread ? 60 : 30,
    displayOrder: 0,
    isActive: true,
  }
}
