import { seeded } from '../batch/seeded.ts'
import { sessionsFrom } from '../batch/batch-world.ts'
import type { BarFact, Facts, LotFact, PortfolioFact } from './facts.ts'

/** Fifteen sessions that twelve portfolios are backfilled over. */
export const BACKFILL = { from: '2025-07-01', to: '2025-07-22' } as const
export const BACKFILL_SESSIONS = sessionsFrom(BACKFILL.from, BACKFILL.to)

/** Long enough for volatilities and betas. */
const HISTORY = sessionsFrom('2025-03-10', BACKFILL.to)
/** A call that expires in the middle, on a day on which its underlying has no close. */
const CALL = 'DYNA250711C00090000'

/**
 * Twelve portfolios and the market they need, with one of everything: longs, shorts, splits, dividends,
 * gaps short and long, a symbol without prices at first, an option that expires, a private holding,
 * closings, flows, lots entered before, on and after the first snapshot. The same at each call.
 */
export function backfillFacts(): Facts {
  return {
    portfolios: [
      ...Array.from({ length: 8 }, (_, i) => mixedPortfolio(i)),
      {
        name: 'empty',
        equity: '5000.00',
        asOf: '2025-07-01',
        flows: [{ date: '2025-07-09', amount: '10.01' }],
      },
      { name: 'writer', equity: '90000.00', asOf: '2025-07-01', lots: [shortCall, covered] },
      { name: 'private', equity: '750000.00', asOf: '2025-07-03', lots: [house, covered] },
      {
        name: 'debt',
        equity: '100.00',
        asOf: '2025-07-01',
        lots: [{ ...covered, quantity: '400' }],
      },
    ],
    bars: {
      ...Object.fromEntries(SYMBOLS.map((symbol, i) => [symbol, barsOf(symbol, i)])),
      ...Object.fromEntries(PROXIES.map((symbol, i) => [symbol, barsOf(symbol, 8 + i)])),
      [CALL]: callBars(),
    },
    betas: Object.fromEntries(SYMBOLS.map((symbol, i) => [symbol, 0.3 + i / 7])),
    betaDates: BACKFILL_SESSIONS,
  }
}

const SYMBOLS = ['ALTO', 'BRIO', 'CUSP', 'DYNA', 'ECHO', 'FLUX', 'GALE', 'HALO'] as const
const PROXIES = ['SPY', 'TLT'] as const

const covered: LotFact = {
  symbol: 'DYNA',
  quantity: '200',
  entry: '80.125',
  entryDate: '2025-06-10',
}
const shortCall: LotFact = {
  symbol: CALL,
  investmentClass: 'OPTIONS',
  underlying: 'DYNA',
  quantity: '-2',
  entry: '6.5',
  entryDate: '2025-06-10',
}
const house: LotFact = {
  symbol: 'HOUSE',
  investmentClass: 'PRIVATE',
  quantity: '1',
  entry: '400000',
  entryDate: '2020-02-20',
  marketValue: '420000.00',
  valuations: { '2025-07-10': '431000.50', '2025-07-18': '429000.25' },
}

function mixedPortfolio(i: number): PortfolioFact {
  const symbolAt = (k: number) => SYMBOLS[(i + k) % SYMBOLS.length] ?? 'ALTO'
  const sign = i % 3 === 2 ? '-' : ''
  return {
    name: `mixed ${i}`,
    equity: `${100000 + 1111 * i}.${10 + i}`,
    asOf: BACKFILL_SESSIONS[(i * 2) % 9] ?? BACKFILL.from,
    lots: [
      {
        symbol: symbolAt(0),
        quantity: `${sign}${30 + i}`,
        entry: '71.333333',
        entryDate: '2025-06-05',
        notes: 'a',
        closings: [{ date: '2025-07-08', quantity: '10', price: '72.01' }],
      },
      { symbol: symbolAt(0), quantity: '12.5', entry: '70', entryDate: '2025-06-05', notes: 'b' },
      {
        symbol: symbolAt(1),
        quantity: `${20 + i}`,
        entry: '64.1',
        entryDate: '2025-07-07',
        closings: [{ date: '2025-07-15', quantity: `${20 + i}`, price: '66.6' }],
      },
      { symbol: symbolAt(3), quantity: `-${5 + i}`, entry: '90.9', entryDate: '2025-07-12' },
    ],
    flows: [
      { date: '2025-07-04', amount: '500.55' },
      { date: '2025-07-16', amount: '-250.05' },
    ],
  }
}

function barsOf(symbol: string, i: number): Readonly<Record<string, BarFact>> {
  const random = seeded(i + 1)
  const bars: Record<string, BarFact> = {}
  let close = 60 + 5 * i
  for (const [day, date] of HISTORY.entries()) {
    close *= 1 + (random() - 0.5) / 20
    const split =
      symbol === 'BRIO' && date === '2025-07-10'
        ? 3
        : symbol === 'CUSP' && date === '2025-07-14'
          ? 0.125
          : 1
    close /= split
    if (isWithoutClose(symbol, date)) continue
    const pays = symbol === 'ECHO' && day % 9 === 4
    bars[date] = { close: close.toFixed(4), split: String(split), dividend: pays ? '0.37' : '0' }
  }
  return bars
}

function isWithoutClose(symbol: string, date: string): boolean {
  switch (symbol) {
    case 'FLUX':
      return date >= '2025-07-08' && date <= '2025-07-09'
    case 'GALE':
      return date >= '2025-07-09'
    case 'HALO':
      return date < '2025-07-11'
    default:
      return symbol === 'DYNA' && date === '2025-07-11'
  }
}

function callBars(): Readonly<Record<string, BarFact>> {
  const days = BACKFILL_SESSIONS.filter((date) => date < '2025-07-10')
  return Object.fromEntries(days.map((date, i) => [date, { close: (5 - i / 4).toFixed(2) }]))
}
