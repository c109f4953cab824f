import { INTEREST_RATE, MARKET } from './joint-factors.ts'
import type { Scenario } from './scenario.ts'

/** One factor moves, everything else follows. */
function single(
  scenarioId: string,
  name: string,
  move: Pick<Scenario, 'severity' | 'shocks' | 'category'>,
): Scenario {
  const [[factor, size] = ['', 0]] = Object.entries(move.shocks)
  const description =
    factor === MARKET
      ? `The market returns ${percent(size)}.`
      : `Yields change by ${Math.round(size * 10_000)} basis points at once.`
  return { scenarioId, name, description, active: true, ...move }
}

function market(id: string, shock: number, severity: Scenario['severity']): Scenario {
  return single(id, `Market ${percent(shock)}`, {
    severity,
    category: 'market',
    shocks: { [MARKET]: shock },
  })
}

function rates(id: string, basisPoints: number, severity: Scenario['severity']): Scenario {
  return single(id, `Rates ${signed(basisPoints)} bp`, {
    severity,
    category: 'rates',
    shocks: { [INTEREST_RATE]: basisPoints / 10_000 },
  })
}

function percent(fraction: number): string {
  return `${signed(Math.round(fraction * 100))} %`
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : `+${value}`
}

const VALUE = 'Value'
const GROWTH = 'Growth'
const MOMENTUM = 'Momentum'
const SIZE = 'Size'
const QUALITY = 'Quality'
const LOW_VOLATILITY = 'Low Volatility'

/** The scenarios of a new installation; afterwards the table `stress_test_scenarios` has the say. */
export const SCENARIOS: readonly Scenario[] = [
  market('market_up_5', 0.05, 'base'),
  market('market_down_5', -0.05, 'base'),
  rates('rates_up_50bp', 50, 'base'),
  rates('rates_down_50bp', -50, 'base'),
  market('market_up_10', 0.1, 'moderate'),
  market('market_down_10', -0.1, 'moderate'),
  market('market_down_35', -0.35, 'extreme'),
  market('market_up_25', 0.25, 'severe'),
  rates('rates_up_25bp', 25, 'mild'),
  rates('rates_down_25bp', -25, 'mild'),
  rates('rates_up_100bp', 100, 'moderate'),
  rates('rates_down_100bp', -100, 'moderate'),
  rates('rates_up_300bp', 300, 'extreme'),
  rates('rates_down_300bp', -300, 'extreme'),
  {
    scenarioId: 'value_rotation',
    name: 'Value rotation',
    description: 'Money moves from growth into value.',
    category: 'style',
    severity: 'moderate',
    shocks: { [VALUE]: 0.2, [GROWTH]: -0.1 },
    active: true,
  },
  {
    scenarioId: 'growth_rally',
    name: 'Growth rally',
    description: 'Growth and momentum lead.',
    category: 'style',
    severity: 'moderate',
    shocks: { [GROWTH]: 0.15, [MOMENTUM]: 0.1 },
    active: true,
  },
  {
    scenarioId: 'small_cap_outperformance',
    name: 'Small caps outperform',
    description: 'Small companies gain 10 % beyond the market.',
    category: 'style',
    severity: 'mild',
    shocks: { [SIZE]: 0.1 },
    active: true,
  },
  {
    scenarioId: 'quality_flight',
    name: 'Flight to quality',
    description: 'A falling market in which quality is bought.',
    category: 'style',
    severity: 'moderate',
    shocks: { [QUALITY]: 0.12, [MARKET]: -0.05 },
    active: true,
  },
  {
    scenarioId: 'vix_spike',
    name: 'VIX spike',
    description: 'Volatility jumps and even calm shares fall beyond the market.',
    category: 'volatility',
    severity: 'severe',
    shocks: { [LOW_VOLATILITY]: -0.25, [MARKET]: -0.15 },
    active: true,
  },
  {
    scenarioId: 'liquidity_crisis',
    name: 'Liquidity crisis',
    description: 'What can be sold is sold; only quality holds.',
    category: 'crisis',
    severity: 'extreme',
    shocks: { [MARKET]: -0.2, [LOW_VOLATILITY]: -0.3, [QUALITY]: 0.15, [SIZE]: -0.1 },
    active: true,
  },
  {
    scenarioId: 'financial_crisis_2008',
    name: 'Financial crisis 2008',
    description: 'A replay of 2008.',
    category: 'historical',
    severity: 'extreme',
    shocks: {
      [MARKET]: -0.45,
      [VALUE]: -0.3,
      [SIZE]: -0.25,
      [QUALITY]: 0.2,
      [LOW_VOLATILITY]: -0.35,
    },
    active: false,
  },
  {
    scenarioId: 'covid_2020',
    name: 'COVID-19 2020',
    description: 'A replay of the spring of 2020.',
    category: 'historical',
    severity: 'extreme',
    shocks: { [MARKET]: -0.35, [GROWTH]: 0.15, [VALUE]: -0.4, [SIZE]: -0.3, [QUALITY]: 0.1 },
    active: false,
  },
  {
    scenarioId: 'dot_com_2000',
    name: 'Dot-com crash 2000',
    description: 'A replay of the fall from 2000 on.',
    category: 'historical',
    severity: 'extreme',
    shocks: { [MARKET]: -0.45, [GROWTH]: -0.6, [VALUE]: 0.2, [MOMENTUM]: -0.5, [QUALITY]: 0.15 },
    active: false,
  },
]
