import { describe, expect, test } from '@jest/globals'
import { crashAlert, judgeRun, type RunFacts } from '../../src/alerts/judge-run.ts'
import type { RunResult } from '../../src/batch/result.ts'
import type { RunRequest } from '../../src/batch/run-request.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'
import { dated, phase, refreshResult, runRequest, runResult, TARGET } from './results.ts'

const FACTS: RunFacts = {
  symbolsMinShare: 0.8,
  medianSymbols: 500,
  activePortfolios: 10,
  currentPortfolios: 10,
}

function judge(
  result: RunResult,
  { request = {}, facts = {} }: { request?: Partial<RunRequest>; facts?: Partial<RunFacts> } = {},
) {
  const asked = runRequest({ jobType: result.job_type, mode: result.mode, ...request })
  const { alerts, fine } = judgeRun(result, asked, { ...FACTS, ...facts })
  return { keys: alerts.map(({ key }) => key), fine, alerts }
}

describe('the alerts of a run', () => {
  test('a good run has none and makes good every bad ending of its type', () => {
    const { keys, fine } = judge(runResult())
    expect(keys).toEqual([])
    expect(fine).toEqual([
      'symbol_batch.failed',
      'symbol_batch.crashed',
      'symbol_batch.aborted',
      'symbol_batch.timeout',
      'symbol_batch.guard',
      'symbol_batch.duration_seconds',
      'symbol_batch.symbols_processed',
      'symbol_batch.errors',
      'symbol_batch.failed_share',
      'symbol_batch.reported',
    ])
  })

  test.each([
    [{ status: 'failed' }, 'symbol_batch.failed', 'Symbol batch failed'],
    [{ status: 'failed', reason: 'lock_lost' }, 'symbol_batch.failed', 'Symbol batch failed'],
    [{ status: 'failed', reason: 'crashed' }, 'symbol_batch.crashed', 'Symbol batch crashed'],
    [
      { status: 'failed', reason: 'timeout' },
      'symbol_batch.timeout',
      'Symbol batch ran out of time',
    ],
    [
      { status: 'failed', reason: 'guard' },
      'symbol_batch.guard',
      'Symbol batch was stopped by the regression guard',
    ],
    [
      { status: 'aborted', reason: 'symbol_batch_timeout' },
      'symbol_batch.aborted',
      'Symbol batch was aborted',
    ],
  ] as const)('%p alerts as %s', (ending, key, title) => {
    const { alerts, fine } = judge(runResult(ending))
    expect(alerts).toMatchObject([{ key, title, severity: 'critical' }])
    expect(fine).not.toContain('symbol_batch.failed')
  })

  test('a failed run names the phases that failed and the run', () => {
    const dates = [
      dated('2025-07-01', { prices: phase({ status: 'failed', error: 'no close of SPY' }) }),
      dated(TARGET, { prices: phase({ processed: 500 }) }),
    ]
    const [alert] = judge(runResult({ status: 'failed', dates })).alerts
    expect(alert).toMatchObject({
      text: '2025-07-01 prices: no close of SPY',
      facts: {
        batch_run_id: '00000000-0000-4000-8000-000000000001',
        target_date: TARGET,
        status: 'failed',
        sessions: 2,
      },
    })
  })

  test('a gate that timed out is told once, not also as a reported problem', () => {
    const reason = 'symbol_batch_timeout'
    const { keys } = judge(
      refreshResult({ status: 'aborted', reason, dates: [], alerts: [reason] }),
    )
    expect(keys).toEqual(['portfolio_refresh.aborted'])
  })

  test('a run cut short by its time limit is not blamed for what it did not reach', () => {
    const cut = runResult({ status: 'failed', reason: 'timeout', symbols_processed: 3 })
    expect(judge(cut).keys).toEqual(['symbol_batch.timeout'])
  })

  test.each([
    [10, []],
    [11, ['symbol_batch.errors']],
    [51, ['symbol_batch.errors']],
    [60, ['symbol_batch.errors', 'symbol_batch.failed_share']],
  ])('%i failed of 500 symbols and more alert as %p', (failed, keys) => {
    const dates = [dated(TARGET, { prices: phase({ processed: 510 - failed, failed }) })]
    expect(judge(runResult({ dates })).keys).toEqual(keys)
  })

  test('one dead symbol in a catch-up of thirty sessions is one error', () => {
    const prices = phase({ processed: 499, failed: 1 })
    const dates = Array.from({ length: 30 }, () => dated('2025-06-02', { prices }))
    expect(judge(runResult({ dates })).keys).toEqual([])
  })

  test.each([
    [9, []],
    [8, ['portfolio_refresh.portfolios_processed']],
  ])('with %i of 10 active portfolios at the target: %p', (currentPortfolios, keys) => {
    expect(judge(refreshResult(), { facts: { currentPortfolios } }).keys).toEqual(keys)
  })

  test('a run that repairs the last portfolio of a night is not blamed for having had one to do', () => {
    const repair = refreshResult({
      dates: [dated(TARGET, { snapshots: phase({ processed: 1 }) })],
      portfolios_processed: 1,
    })
    expect(judge(repair).keys).toEqual([])
  })

  test('what phases report is one alert, which lists ten of them', () => {
    const alerts = Array.from({ length: 12 }, (_, i) => `problem ${i}`)
    const [alert] = judge(runResult({ alerts })).alerts
    expect(alert?.key).toBe('symbol_batch.reported')
    expect(alert?.text.split('\n')).toEqual([...alerts.slice(0, 10), 'and 2 more'])
  })

  test.each([
    { status: 'skipped', reason: 'already_running', dates: [] },
    { status: 'skipped', reason: 'v2_disabled', dates: [] },
    { status: 'cancelled', reason: 'signal', symbols_processed: 3 },
  ] as const)('%p says nothing either way', (ending) => {
    expect(judge(runResult(ending))).toMatchObject({ keys: [], fine: [] })
  })

  test('nothing to do is no recovery, but what the plan reports is told', () => {
    const idle = { reason: 'nothing_to_do', dates: [], symbols_processed: 0 }
    expect(judge(runResult(idle))).toMatchObject({ keys: [], fine: [] })
    const { keys, alerts } = judge(runResult({ ...idle, alerts: ['no symbol has a price'] }))
    expect(keys).toEqual(['symbol_batch.reported'])
    expect(alerts[0]?.facts).toMatchObject({ target_date: TARGET })
  })

  test('a limited run is not held against the totals of a night, and its keys are its own', () => {
    const scope = { kind: 'symbols', symbols: ['MSFT', 'AAPL'] as Ticker[] } as const
    const small = runResult({ symbols_processed: 2 })
    expect(judge(small, { request: { scope } })).toMatchObject({ keys: [] })
    expect(judge(small, { request: { scope } }).fine).toContain(
      'symbol_batch:symbols:AAPL+1.failed',
    )
    expect(judge(small, { request: { phases: ['prices'] } }).fine).not.toContain(
      'symbol_batch.failed',
    )
    const failed = refreshResult({ status: 'failed' })
    const one = { kind: 'portfolio', portfolioId: 'p-1' } as const
    expect(judge(failed, { request: { scope: one } }).keys).toEqual([
      'portfolio_refresh:portfolio:p-1.failed',
    ])
  })

  test('a legacy run makes good what either program left, and is judged as both', () => {
    const dates = [
      dated(TARGET, { prices: phase({ processed: 500 }), snapshots: phase({ failed: 20 }) }),
    ]
    const { keys, fine } = judge(runResult({ job_type: 'legacy_batch', mode: 'legacy', dates }))
    expect(keys).toEqual(['portfolio_refresh.errors', 'portfolio_refresh.failed_share'])
    expect(fine).toEqual(
      expect.arrayContaining([
        'legacy_batch.failed',
        'symbol_batch.failed',
        'portfolio_refresh.guard',
      ]),
    )
  })

  test('without facts the way a run ended is told all the same', () => {
    const failed = runResult({ status: 'failed', symbols_processed: 0 })
    const { alerts } = judgeRun(failed, runRequest(), null)
    expect(alerts.map(({ key }) => key)).toEqual(['symbol_batch.failed'])
  })

  test('a run that threw is alerted by its message', () => {
    expect(crashAlert(runRequest(), new Error('disk full'))).toMatchObject({
      key: 'symbol_batch.crashed',
      severity: 'critical',
      text: 'disk full',
    })
  })
})
