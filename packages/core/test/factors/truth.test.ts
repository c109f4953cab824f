import { beforeAll, expect, test } from '@jest/globals'
import { computeFactors } from '../../src/factors/compute-factors.ts'
import type { FactorDefinition } from '../../src/factors/definition.ts'
import type { FactorResult } from '../../src/factors/factor-result.ts'
import { prepareDesign } from '../../src/regression/design.ts'
import { fitMany, type Fits } from '../../src/regression/fit-many.ts'
import type { ReturnPanel } from '../../src/returns/panel.ts'
import { totalReturns } from '../../src/returns/total-returns.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { readBars } from '../returns/read-bars.ts'
import { factor } from './definitions.ts'
import { estimateOf } from './return-world.ts'
import { truthRows, WorstError, type TruthRow } from './truth-rows.ts'

const STYLES = ['MTUM', 'QUAL', 'SIZE', 'USMV', 'VLUE']
const WINDOWS = [180, 365]

const MARKET = factor('ols_market', '^GSPC', { name: 'market' })
const SPREADS = STYLES.map((style) =>
  factor('spread_regression', `${style}-^GSPC`, { name: `${style}-MKT`, windowDays: 180 }),
)
const RIDGE = WINDOWS.flatMap((windowDays) =>
  STYLES.map((style) =>
    factor('ridge_regression', style, { name: `${style} ${windowDays}`, windowDays }),
  ),
)

describeWithShared('factors of twenty US stocks on ten dates', () => {
  let returns: ReturnPanel
  beforeAll(() => {
    returns = totalReturns(readBars(sharedFile('data/us-adjusted/bars.csv.gz')))
  })
  const columnOf = (row: TruthRow) =>
    returns.sessions.findIndex((date) => date === row.text('date'))
  const results = new Map<string, FactorResult>()

  /** All factors on the date of a truth row. */
  function resultOn(row: TruthRow): FactorResult {
    const known = results.get(row.text('date'))
    if (known !== undefined) return known
    const definitions: FactorDefinition[] = [MARKET, ...SPREADS, ...RIDGE]
    const inputs = { returns, definitions, sessionIndex: columnOf(row), providerBetas: new Map() }
    const result = computeFactors(inputs)
    results.set(row.text('date'), result)
    return result
  }

  /** The beta itself, or where it must be capped what its t and standard error say it was. */
  function uncappedBeta(actual: ReturnType<typeof estimateOf>, truth: number): number {
    if (actual === null) return NaN
    const isCapped = Math.abs(truth) > 5
    expect(actual.quality).toBe(isCapped ? 'capped' : 'full_history')
    if (!isCapped) return actual.beta
    expect(actual.beta).toBe(5 * Math.sign(truth))
    return actual.tStat * actual.stdError
  }

  test.each([
    { file: 'beta90', rows: 250, nameOf: () => 'market' },
    { file: 'spread180', rows: 1000, nameOf: (row: TruthRow) => row.text('spread') },
  ])('agree with statsmodels on every row of $file', ({ file, rows, nameOf }) => {
    const beta = new WorstError('relative')
    const errors = new WorstError('relative')
    const rSquared = new WorstError('absolute')
    const truth = truthRows(file)
    expect(truth).toHaveLength(rows)
    for (const row of truth) {
      const actual = estimateOf(resultOn(row), nameOf(row), row.text('symbol'))
      const where = `${row.text('date')} ${row.text('symbol')} ${nameOf(row)}`
      expect(actual?.observations).toBe(row.number('nobs'))
      beta.compare(uncappedBeta(actual, row.number('beta')), row.number('beta'), where)
      errors.compare(actual?.stdError ?? NaN, row.number('se_beta'), `${where} error`)
      errors.compare(actual?.tStat ?? NaN, row.number('t_beta'), `${where} t`)
      rSquared.compare(actual?.rSquared ?? NaN, row.number('r2'), `${where} R²`)
    }
    beta.assertWithin(1e-9)
    errors.assertWithin(1e-8)
    rSquared.assertWithin(1e-12)
  })

  const ridgeRows = (variant: string) =>
    truthRows('ridge').filter(
      (row) => row.text('window_kind') === 'obs' && row.text('variant') === variant,
    )

  test('agree with scikit-learn on every standardised ridge row', () => {
    const beta = new WorstError('relative')
    const rSquared = new WorstError('absolute')
    const truth = ridgeRows('std')
    expect(truth).toHaveLength(400)
    for (const row of truth) {
      for (const style of STYLES) {
        const name = `${style} ${row.text('window')}`
        const actual = estimateOf(resultOn(row), name, row.text('symbol'))
        const where = `${row.text('date')} ${row.text('symbol')} ${name}`
        expect(actual?.observations).toBe(row.number('nobs'))
        const expected = row.number(`coef_${style}`)
        beta.compare(uncappedBeta(actual, expected), expected, where)
        rSquared.compare(actual?.rSquared ?? NaN, row.number('r2'), `${where} R²`)
      }
    }
    beta.assertWithin(1e-9)
    rSquared.assertWithin(1e-12)
  })

  test('agree on the condition number and the variance inflation of the styles', () => {
    const worst = new WorstError('relative')
    const truth = truthRows('ridge-diagnostics').filter((row) => row.text('window_kind') === 'obs')
    expect(truth).toHaveLength(20)
    for (const row of truth) {
      const found = resultOn(row).diagnostics.find(
        ({ windowDays }) => windowDays === row.number('window'),
      )
      expect(found).toMatchObject({ proxies: STYLES, observations: row.number('nobs') })
      worst.compare(found?.conditionNumber ?? NaN, row.number('cond_Z'), row.text('date'))
      for (const [j, style] of STYLES.entries()) {
        const inflation = found?.varianceInflation[j] ?? NaN
        worst.compare(inflation, row.number(`vif_${style}`), `${row.text('date')} ${style}`)
      }
    }
    worst.assertWithin(1e-9)
  })

  /** The joint regression of a truth row's symbol under another penalty. */
  function fitWithPenalty(row: TruthRow, alpha: number): Fits {
    const length = row.number('window')
    const width = returns.sessions.length
    const startOf = (symbol: string) =>
      returns.symbols.findIndex((name) => name === symbol) * width + columnOf(row) + 1 - length
    const columns = STYLES.map((style) =>
      returns.values.subarray(startOf(style), startOf(style) + length),
    )
    const prepared = prepareDesign(columns, alpha)
    if (!prepared.ok) throw new Error(prepared.reason)
    return fitMany(prepared.design, {
      values: returns.values,
      starts: Int32Array.of(startOf(row.text('symbol'))),
      rows: Int32Array.from({ length }, (_, t) => t),
    })
  }

  test.each([0, 1e-8])(
    'become the least-squares rows, standard errors included, at a penalty of %p',
    (alpha) => {
      const beta = new WorstError('relative')
      const errors = new WorstError('relative')
      const truth = ridgeRows('ols')
      expect(truth).toHaveLength(400)
      for (const row of truth) {
        const fits = fitWithPenalty(row, alpha)
        for (const [j, style] of STYLES.entries()) {
          const where = `${row.text('date')} ${row.text('symbol')} ${style}`
          beta.compare(fits.beta[j] ?? NaN, row.number(`coef_${style}`), where)
          errors.compare(fits.stdError[j] ?? NaN, row.number(`se_${style}`), `${where} error`)
        }
      }
      beta.assertWithin(alpha === 0 ? 1e-9 : 1e-5)
      errors.assertWithin(1e-8)
    },
  )

  test('differ from the least-squares rows under the penalty that is used', () => {
    const [row] = ridgeRows('ols')
    if (row === undefined) throw new Error('no row')
    const { stdError } = fitWithPenalty(row, 1)
    expect(Math.abs((stdError[1] ?? NaN) / row.number('se_QUAL') - 1)).toBeGreaterThan(0.01)
  })
})
