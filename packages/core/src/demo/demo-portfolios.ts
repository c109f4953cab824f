import type { DemoPortfolio } from './demo-portfolio.ts'

/** The first snapshot lies so many sessions before the effective date. */
export const SNAPSHOT_SESSIONS = 25

/** A saver: a dozen lots, long only, one symbol bought in two lots, half of another sold again. */
const RETAIL: DemoPortfolio = {
  name: 'Retail Long-Only',
  accountName: 'Demo Individual',
  accountType: 'taxable',
  description: 'Stocks and funds of a saver, no borrowing',
  leverage: 0.95,
  holdings: [
    { symbol: 'XALL', dollars: 30_000, sessionsAgo: 160 },
    { symbol: 'ALTO', dollars: 8_000, sessionsAgo: 150 },
    { symbol: 'ALTO', dollars: 5_000, sessionsAgo: 10 },
    { symbol: 'BYTE', dollars: 7_000, sessionsAgo: 140 },
    { symbol: 'DYNA', dollars: 9_000, sessionsAgo: 150 },
    { symbol: 'HALO', dollars: 6_000, sessionsAgo: 120 },
    { symbol: 'LOOM', dollars: 6_500, sessionsAgo: 110 },
    { symbol: 'OKRA', dollars: 9_000, sessionsAgo: 130, halfSoldSessionsAgo: 12 },
    { symbol: 'QUAY', dollars: 7_500, sessionsAgo: 95 },
    { symbol: 'XENO', dollars: 10_000, sessionsAgo: 80 },
    { symbol: 'COVE', dollars: 8_000, sessionsAgo: 60 },
    { symbol: 'TLT', dollars: 12_000, sessionsAgo: 145 },
  ],
  options: [],
  privateHoldings: [],
  flows: [],
}

/** A family office: funds, dividend payers, and a third of the money in things without a price. */
const HIGH_NET_WORTH: DemoPortfolio = {
  name: 'High Net Worth',
  accountName: 'Demo Family Trust',
  accountType: 'trust',
  description: 'Public core with private real estate and a venture fund',
  leverage: 0.92,
  holdings: [
    { symbol: 'XDEF', dollars: 450_000, sessionsAgo: 170 },
    { symbol: 'XGRO', dollars: 350_000, sessionsAgo: 165 },
    { symbol: 'SPY', dollars: 500_000, sessionsAgo: 170 },
    { symbol: 'TLT', dollars: 400_000, sessionsAgo: 155 },
    { symbol: 'ZINC', dollars: 180_000, sessionsAgo: 140 },
    { symbol: 'YARN', dollars: 160_000, sessionsAgo: 125 },
    { symbol: 'ELMS', dollars: 150_000, sessionsAgo: 115 },
    { symbol: 'FERN', dollars: 170_000, sessionsAgo: 100 },
    { symbol: 'JADE', dollars: 140_000, sessionsAgo: 85 },
    { symbol: 'BARK', dollars: 190_000, sessionsAgo: 70 },
    { symbol: 'GATE', dollars: 120_000, sessionsAgo: 9 },
  ],
  options: [],
  privateHoldings: [
    {
      symbol: 'LAKESIDE-APARTMENTS',
      notes: 'Share of an apartment building, appraised once a quarter',
      cost: 900_000,
      sessionsAgo: 170,
      valuations: [
        { sessionsAgo: 110, value: 925_000 },
        { sessionsAgo: 48, value: 940_000 },
        { sessionsAgo: 8, value: 958_500 },
      ],
    },
    {
      symbol: 'HARBOR-VENTURES-III',
      notes: 'Interest in a venture fund, valued by its manager',
      cost: 500_000,
      sessionsAgo: 150,
      valuations: [
        { sessionsAgo: 75, value: 560_000 },
        { sessionsAgo: 14, value: 538_250.5 },
      ],
    },
  ],
  flows: [
    {
      changeType: 'CONTRIBUTION',
      amount: 250_000,
      sessionsAgo: 16,
      notes: 'Sale of a business, first instalment',
    },
    { changeType: 'WITHDRAWAL', amount: 90_000, sessionsAgo: 6, notes: 'Estimated taxes' },
  ],
}

/** A hedge fund: gross exposure 1.4 times equity, short a third of it, options on top. */
const LONG_SHORT_FUND: DemoPortfolio = {
  name: 'Long/Short Fund',
  accountName: 'Demo Master Fund',
  accountType: 'hedge_fund',
  description: 'Equity long/short with calls, a short put and a covered call',
  leverage: 1.4,
  holdings: [
    { symbol: 'GATE', dollars: 1_100_000, sessionsAgo: 90 },
    { symbol: 'IRIS', dollars: 900_000, sessionsAgo: 75 },
    { symbol: 'ECHO', dollars: 1_050_000, sessionsAgo: 110 },
    { symbol: 'XENO', dollars: 1_200_000, sessionsAgo: 130 },
    { symbol: 'ZINC', dollars: 950_000, sessionsAgo: 60 },
    { symbol: 'MILL', dollars: 1_000_000, sessionsAgo: 100 },
    { symbol: 'PIER', dollars: 800_000, sessionsAgo: 45 },
    { symbol: 'RUNE', dollars: 600_000, sessionsAgo: 7 },
    { symbol: 'IWM', dollars: -1_500_000, sessionsAgo: 90 },
    { symbol: 'BYTE', dollars: -800_000, sessionsAgo: 85 },
    { symbol: 'FLUX', dollars: -700_000, sessionsAgo: 65 },
    { symbol: 'NOOK', dollars: -650_000, sessionsAgo: 120, halfSoldSessionsAgo: 11 },
    { symbol: 'GLEN', dollars: -750_000, sessionsAgo: 50 },
    { symbol: 'TARN', dollars: -500_000, sessionsAgo: 40 },
  ],
  options: [
    {
      positionType: 'LC',
      underlying: 'ALTO',
      contracts: 150,
      sessionsAgo: 35,
      moneyness: 1.05,
      expiresInDays: 60,
    },
    {
      positionType: 'LP',
      underlying: 'SPY',
      contracts: 40,
      sessionsAgo: 30,
      moneyness: 0.96,
      expiresInDays: 32,
    },
    {
      positionType: 'SP',
      underlying: 'QUAY',
      contracts: 100,
      sessionsAgo: 20,
      moneyness: 0.97,
      expiresInDays: 3,
    },
    {
      positionType: 'SC',
      underlying: 'GATE',
      contracts: 60,
      sessionsAgo: 30,
      moneyness: 1.08,
      expiresInDays: 25,
    },
  ],
  privateHoldings: [],
  flows: [],
}

/** The portfolios of the demo, all of one user. */
export const DEMO_PORTFOLIOS: readonly DemoPortfolio[] = [RETAIL, HIGH_NET_WORTH, LONG_SHORT_FUND]
