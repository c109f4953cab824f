import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/index.ts'
import { FULL_LAUNCH, type LaunchRequest } from '../../src/run-launch/index.ts'
import { planLaunch } from '../../src/run-launch/plan-launch.ts'
import type { Ticker } from '../../src/symbols/index.ts'

function plan(changes: Partial<LaunchRequest>, { isV2 = true } = {}) {
  let ids = 0
  const base = { ...FULL_LAUNCH, job: 'all', source: 'admin', triggeredBy: 'ann' } as const
  return planLaunch({ ...base, ...changes }, { isV2, newId: () => `id-${++ids}` })
}

const TAIL = ['--summary-json', '--log-json']
const COMMON = ['--source=admin', '--triggered-by=ann', '--reprocess=missing']

describe('a launch', () => {
  test('of all layers is both programs in V2, and the one combined program in legacy mode', () => {
    expect(plan({})).toEqual([
      {
        program: 'symbol-batch',
        jobType: 'symbol_batch',
        batchRunId: 'id-1',
        args: [...COMMON, '--run-id', 'id-1', ...TAIL],
        lockNames: ['symbol_batch'],
      },
      {
        program: 'portfolio-refresh',
        jobType: 'portfolio_refresh',
        batchRunId: 'id-2',
        args: [...COMMON, '--run-id', 'id-2', ...TAIL],
        lockNames: ['portfolio_refresh'],
      },
    ])
    const legacy = plan({}, { isV2: false })
    expect(legacy.map(({ program, jobType }) => [program, jobType])).toEqual([
      ['symbol-batch', 'legacy_batch'],
    ])
    expect(legacy[0]?.lockNames).toContain('portfolio_refresh')
  })

  test('of one layer is one program', () => {
    expect(plan({ job: 'symbol_batch' }).map(({ program }) => program)).toEqual(['symbol-batch'])
    expect(plan({ job: 'portfolio_refresh' }).map(({ program }) => program)).toEqual([
      'portfolio-refresh',
    ])
  })

  test('of a portfolio takes the locks of that portfolio only', () => {
    const starts = plan({ scope: { kind: 'portfolio', portfolioId: 'p' } })
    expect(starts.map(({ lockNames }) => lockNames)).toEqual([
      ['symbol_batch:portfolio:p'],
      ['portfolio_refresh:portfolio:p'],
    ])
    for (const { args } of starts) expect(args).toContain('--portfolio-id=p')
  })

  test('of named symbols is followed by a refresh of what portfolios lack', () => {
    const symbols = ['ALTO', 'LOOM'] as Ticker[]
    const [first, second] = plan({ scope: { kind: 'symbols', symbols } })
    expect(first?.args).toContain('--symbols=ALTO,LOOM')
    expect(second?.args.join(' ')).not.toContain('ALTO')
    expect(second?.lockNames).toEqual(['portfolio_refresh'])
  })

  test('says everything else on the command line', () => {
    const [start] = plan({
      job: 'portfolio_refresh',
      phases: ['correlations', 'stress_tests'],
      dates: { start: '2025-07-01' as IsoDate, end: '2025-07-02' as IsoDate },
      reprocess: 'all',
      redo: true,
      fromInception: true,
    })
    expect(start?.args).toEqual([
      ...['--source=admin', '--triggered-by=ann', '--reprocess=all'],
      ...['--phase=correlations,stress_tests', '--start-date=2025-07-01', '--end-date=2025-07-02'],
      ...['--force', '--from-inception', '--run-id', 'id-1', ...TAIL],
    ])
  })
})
