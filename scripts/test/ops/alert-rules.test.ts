import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse as parseYaml } from 'yaml'
import type { MorningAfter } from '../../../apps/api/test/admin-batch/night.ts'
import { judgeThresholds, THRESHOLDS } from '../../../packages/core/src/alerts/index.ts'
import { prometheusName } from '../../../packages/core/src/metrics/index.ts'
import { repositoryRoot } from '../../../packages/core/test/harness/run-program.ts'
import type { Sample } from './exposition.ts'
import { filledNight, scrape } from './filled-night.ts'
import { evaluate, namesIn } from './promql.ts'

const PROMETHEUS = resolve(repositoryRoot, 'ops/prometheus')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description?: string }
}

const readYaml = async (name: string): Promise<unknown> =>
  parseYaml(await readFile(resolve(PROMETHEUS, name), 'utf8'))
const { groups } = (await readYaml('alerts.yml')) as {
  groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)

/** The names of the rules that have something to fire about. */
function firing(samples: readonly Sample[]): readonly string[] {
  return rules
    .filter(({ expr }) => {
      const value = evaluate(expr, samples)
      return typeof value !== 'number' && value.length > 0
    })
    .map(({ alert }) => alert)
}

/** Here it is that of the process of the tests, which has more to do than serve. */
const LAG = 'nodejs_eventloop_lag_p99_seconds'

const sample = (name: string, value: number, labels = {}): Sample => ({ name, labels, value })
const UP = sample('up', 1, { job: 'sigmasight-api' })

describe('the rules', () => {
  test('have names of their own, a severity and a summary', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const rule of rules) {
      expect(rule).toMatchObject({
        alert: expect.stringMatching(/^[A-Z]\w+$/),
        labels: { severity: expect.stringMatching(/^(warning|critical)$/) },
        annotations: { summary: expect.any(String) },
      })
      if (rule.for !== undefined) expect(rule.for).toMatch(/^\d+m$/)
    }
  })

  test('are read by the configuration, which scrapes the job that they name', async () => {
    expect(await readYaml('prometheus.yml')).toMatchObject({
      rule_files: ['alerts.yml'],
      scrape_configs: [{ job_name: 'sigmasight-api', metrics_path: '/metrics' }],
    })
  })
})

describe('over a live server after a good first night', () => {
  let morning: MorningAfter
  let samples: readonly Sample[]
  beforeAll(async () => {
    morning = await filledNight()
    samples = await scrape(morning)
  })
  afterAll(async () => {
    await morning[Symbol.asyncDispose]()
  })

  test('every rule names metrics and labels that there are', () => {
    for (const { expr, annotations } of rules) {
      const shown = Object.values(annotations)
        .join(' ')
        .matchAll(/\$labels\.(\w+)/g)
      for (const { metric, labels } of namesIn(expr).selectors) {
        const told = samples.filter(({ name }) => name === metric)
        expect([metric, told.length > 0]).toEqual([metric, true])
        for (const label of [...labels, ...[...shown].map(([, name = '']) => name)]) {
          expect([metric, told.every((one) => label in one.labels)]).toEqual([metric, true])
        }
      }
    }
  })

  test('the one that fires is that of a universe without 400 symbols or a median', () => {
    expect(firing(samples.filter(({ name }) => name !== LAG))).toEqual(['SymbolBatchFewSymbols'])
  })
})

describe('each threshold that the programs alert by', () => {
  const facts = { symbolsMinShare: 0.8, medianSymbols: 100, activePortfolios: 50 }
  /** What the rule reads where a limit is no constant. */
  const limits = [
    sample('v2_symbol_batch_symbols_limit', 80),
    sample('v2_portfolio_refresh_portfolios_due', 50),
  ]
  /** The rule counts portfolios at the target, as the judgement of a run does. */
  const readAs: Readonly<Record<string, string>> = {
    v2_portfolio_refresh_portfolios_processed: 'v2_portfolio_refresh_portfolios_current',
  }

  test.each(THRESHOLDS.map((threshold) => [threshold.metric, threshold] as const))(
    '%s: has a rule that fires when, and only when, it does',
    (metric, { limit: rule, severity }) => {
      const limit = typeof rule === 'number' ? rule : (rule(facts) ?? NaN)
      const name = readAs[prometheusName(metric)] ?? prometheusName(metric)
      for (const value of [0, limit * 0.999, limit, limit * 1.001, limit * 2]) {
        const isAlerted = judgeThresholds(new Map([[metric, value]]), facts).alerts.length > 0
        const fired = firing([UP, ...limits, sample(name, value)])
        expect([metric, value, fired.length]).toEqual([metric, value, isAlerted ? 1 : 0])
        for (const alert of fired) {
          expect(rules.find((one) => one.alert === alert)?.labels.severity).toBe(severity)
        }
      }
    },
  )
})

describe('what a program cannot say of itself', () => {
  const layer = { layer: 'symbol_batch' }
  test.each<readonly [readonly string[], readonly Sample[]]>([
    [[], [UP]],
    [['ApiDown'], [sample('up', 0, { job: 'sigmasight-api' })]],
    [['ApiNotScraped'], [sample('up', 1, { job: 'another' })]],
    [['RunOverdue'], [UP, sample('v2_schedule_overdue', 1, layer)]],
    [[], [UP, sample('v2_schedule_overdue', 0, layer), sample('v2_schedule_stale', 0, layer)]],
    [['DataStale'], [UP, sample('v2_schedule_stale', 1, layer)]],
    [['DataVeryStale'], [UP, sample('v2_schedule_stale', 2, layer)]],
    [['SymbolBatchFailed'], [UP, sample('v2_symbol_batch_last_run_success', 0)]],
    [['PortfolioRefreshFailed'], [UP, sample('v2_portfolio_refresh_last_run_success', 0)]],
    [['CacheNotLoaded'], [UP, sample('v2_cache_loaded', 0)]],
    [['EventLoopLate'], [UP, sample(LAG, 0.6)]],
  ])('%j', (expected, samples) => {
    expect(firing(samples)).toEqual(expected)
  })
})
