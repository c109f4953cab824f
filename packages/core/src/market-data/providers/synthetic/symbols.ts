import { RandomStream } from './random-stream.ts'
import { PROXY_LOADINGS, STYLE_ON_MARKET, type Loadings } from './sources.ts'

/** Everything that makes a symbol of the synthetic market what it is. */
export interface SyntheticSymbol {
  readonly name: string
  readonly loadings: Loadings
  /** Of the part of its return that is nobody else's, per session. */
  readonly ownVolatility: number
  /** Close before its first session. */
  readonly startPrice: number
  /** Dividends of a year as a fraction of the price, paid every 63 sessions. */
  readonly dividendYield: number
  /** Dollars traded in an ordinary session. */
  readonly turnover: number
  /** First day with a bar; null = from the start of the market. */
  readonly listedOn: string | null
  readonly split: { readonly date: string; readonly ratio: number } | null
  /** Of a stock; null = it is a fund. */
  readonly sector: string | null
}

/** Typical style betas: momentum, value, growth, size, quality, low volatility. */
const CHARACTERS = {
  balanced: [0.15, 0.2, 0.2, 0.15, 0.2, 0.15],
  defensive: [0, 0.15, -0.05, -0.05, 0.2, 0.7],
  growth: [0.15, -0.1, 0.7, 0.1, 0.15, 0],
  momentum: [0.75, -0.1, 0.25, 0.1, 0.05, -0.05],
  quality: [0.05, 0.1, 0.2, -0.05, 0.65, 0.1],
  small: [0.1, 0.1, 0.05, 0.8, 0, -0.1],
  value: [0.05, 0.75, -0.05, 0.1, 0.1, 0.1],
} as const

type Character = keyof typeof CHARACTERS

/** Symbol, character, loading on bonds, own volatility, price, yearly dividend. */
type Fund = readonly [string, Character, number, number, number, number]

/** Invented stocks. */
const STOCKS: readonly (readonly [...Fund, sector: string])[] = [
  ['ALTO', 'growth', 0, 0.014, 62, 0, 'Technology'],
  ['BYTE', 'growth', -0.1, 0.016, 48, 0, 'Technology'],
  ['CRUX', 'growth', 0, 0.018, 35, 0, 'Communication Services'],
  ['DYNA', 'growth', 0.1, 0.013, 90, 0.006, 'Technology'],
  ['ECHO', 'growth', 0, 0.015, 71, 0, 'Consumer Cyclical'],
  ['FLUX', 'growth', -0.1, 0.017, 28, 0, 'Technology'],
  ['GATE', 'momentum', 0, 0.015, 55, 0, 'Industrials'],
  ['HALO', 'momentum', 0.1, 0.013, 80, 0.008, 'Technology'],
  ['IRIS', 'momentum', 0, 0.017, 41, 0, 'Healthcare'],
  ['JUNO', 'momentum', -0.1, 0.014, 66, 0.01, 'Industrials'],
  ['KITE', 'momentum', 0, 0.016, 24, 0, 'Energy'],
  ['LOOM', 'value', -0.25, 0.012, 45, 0.032, 'Financial Services'],
  ['MILL', 'value', -0.2, 0.011, 58, 0.028, 'Financial Services'],
  ['NOOK', 'value', -0.3, 0.013, 33, 0.035, 'Real Estate'],
  ['OKRA', 'value', -0.15, 0.01, 76, 0.03, 'Energy'],
  ['PIER', 'value', -0.25, 0.012, 52, 0.026, 'Financial Services'],
  ['QUAY', 'value', 0, 0.011, 64, 0.03, 'Basic Materials'],
  ['RUNE', 'small', 0, 0.019, 18, 0, 'Healthcare'],
  ['SAGE', 'small', -0.1, 0.017, 26, 0, 'Consumer Cyclical'],
  ['TARN', 'small', 0, 0.02, 14, 0, 'Energy'],
  ['UMBR', 'small', 0.1, 0.018, 22, 0, 'Industrials'],
  ['VOLE', 'small', 0, 0.021, 12, 0, 'Healthcare'],
  ['WISP', 'small', -0.1, 0.019, 31, 0, 'Technology'],
  ['XENO', 'quality', 0, 0.01, 110, 0.015, 'Healthcare'],
  ['YARN', 'quality', 0.05, 0.011, 95, 0.018, 'Industrials'],
  ['ZINC', 'quality', 0, 0.01, 130, 0.012, 'Technology'],
  ['ACRE', 'quality', 0.1, 0.011, 84, 0.016, 'Consumer Defensive'],
  ['BARK', 'quality', 0, 0.012, 72, 0.014, 'Financial Services'],
  ['COVE', 'defensive', 0.25, 0.008, 54, 0.034, 'Utilities'],
  ['DALE.B', 'defensive', 0.3, 0.008, 47, 0.036, 'Utilities'],
  ['ELMS', 'defensive', 0.2, 0.009, 61, 0.03, 'Consumer Defensive'],
  ['FERN', 'defensive', 0.15, 0.008, 69, 0.028, 'Healthcare'],
  ['GLEN', 'defensive', 0.25, 0.009, 50, 0.032, 'Utilities'],
  ['HAZE', 'balanced', 0, 0.012, 60, 0.01, 'Industrials'],
  ['INCH', 'balanced', 0, 0.013, 44, 0, 'Communication Services'],
  ['JADE', 'balanced', 0.05, 0.011, 78, 0.02, 'Consumer Cyclical'],
  ['KNOT', 'balanced', -0.1, 0.014, 37, 0.012, 'Basic Materials'],
]

/** Invented funds, which have little of their own. */
const FUNDS: readonly Fund[] = [
  ['XALL', 'balanced', 0, 0.001, 70, 0.016],
  ['XDEF', 'defensive', 0.15, 0.0015, 50, 0.026],
  ['XGRO', 'growth', 0, 0.0015, 65, 0.006],
]

/** Price and yearly dividend of the proxies. */
const PROXIES: readonly (readonly [string, number, number])[] = [
  ['SPY', 205, 0.014],
  ['TLT', 95, 0.034],
  ['MTUM', 70, 0.009],
  ['VTV', 82, 0.024],
  ['VUG', 105, 0.006],
  ['IWM', 118, 0.013],
  ['QUAL', 62, 0.013],
  ['USMV', 41, 0.018],
]

/** What happened to some of them. */
const LISTED_ON: Readonly<Record<string, string>> = { INCH: '2026-08-03' }
const SPLITS: Readonly<Record<string, { date: string; ratio: number }>> = {
  DYNA: { date: '2026-06-08', ratio: 4 },
  VOLE: { date: '2026-03-02', ratio: 0.1 },
}

/** The proxies, the invented stocks and funds, then `SYN00001` and so on as many as asked for. */
export function syntheticSymbols(seed: number, extraSymbols: number): readonly SyntheticSymbol[] {
  const described: readonly (readonly [...Fund, sector?: string])[] = [...STOCKS, ...FUNDS]
  const named = described.map(
    ([name, character, rates, ownVolatility, price, yearly, sector = null]) => ({
      ...unremarkable(name, stockLoadings(seed, name, character, rates)),
      ownVolatility,
      startPrice: price,
      dividendYield: yearly,
      listedOn: LISTED_ON[name] ?? null,
      split: SPLITS[name] ?? null,
      sector,
    }),
  )
  const extra = Array.from({ length: extraSymbols }, (_, i) => extraSymbol(seed, i + 1))
  return [...proxySymbols(), ...named, ...extra]
}

function proxySymbols(): readonly SyntheticSymbol[] {
  return PROXIES.map(([name, startPrice, dividendYield]) => {
    const loadings = PROXY_LOADINGS.get(name)
    if (loadings === undefined) throw new RangeError(`${name} is no proxy of the synthetic market`)
    return { ...unremarkable(name, loadings), startPrice, dividendYield, turnover: 2e9 }
  })
}

function extraSymbol(seed: number, number: number): SyntheticSymbol {
  const name = `SYN${String(number).padStart(5, '0')}`
  const characters = Object.keys(CHARACTERS) as Character[]
  const character = characters[number % characters.length] ?? 'balanced'
  const random = new RandomStream(seed, `extra ${name}`)
  const rates = Math.round(60 * random.uniform() - 30) / 100
  return {
    ...unremarkable(name, stockLoadings(seed, name, character, rates)),
    ownVolatility: 0.008 + 0.012 * random.uniform(),
    startPrice: Math.round(15 + 120 * random.uniform()),
    dividendYield: random.uniform() < 0.5 ? 0 : 0.005 + 0.03 * random.uniform(),
    sector: STOCKS[number % STOCKS.length]?.[6] ?? null,
  }
}

/** The character's betas, each moved by up to 0.15; in hundredths, so that they are easy to read. */
function stockLoadings(seed: number, name: string, character: Character, rates: number): Loadings {
  const random = new RandomStream(seed, `loadings ${name}`)
  const styles = CHARACTERS[character].map(
    (typical) => Math.round(100 * typical + 30 * random.uniform() - 15) / 100,
  )
  const market = styles.reduce((sum, beta, k) => sum + beta * (STYLE_ON_MARKET[k] ?? 0), 0)
  return { market, styles, rates }
}

function unremarkable(name: string, loadings: Loadings): SyntheticSymbol {
  return {
    name,
    loadings,
    ownVolatility: 0,
    startPrice: 100,
    dividendYield: 0,
    turnover: 1e8,
    listedOn: null,
    split: null,
    sector: null,
  }
}
