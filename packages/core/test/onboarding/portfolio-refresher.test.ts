import { expect, test } from '@jest/globals'
import type { RunResult } from '../../src/batch/index.ts'
import type { RunRequest } from '../../src/batch/run-request.ts'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import { PortfolioRefresher, type RefreshWish } from '../../src/onboarding/portfolio-refresher.ts'

const DATE = '2025-07-10' as SessionDate

function wish(portfolioId: string, force = false): RefreshWish {
  return { portfolioId, dates: { kind: 'range', start: DATE, end: DATE }, force }
}

const COMPLETED = { status: 'completed' } as RunResult
const BUSY = { status: 'skipped', reason: 'already_running' } as RunResult

function scopeOf({ scope, force }: RunRequest) {
  const ids =
    scope.kind === 'portfolio'
      ? [scope.portfolioId]
      : 'portfolioIds' in scope
        ? scope.portfolioIds
        : []
  return `${ids.join('+')}${force ? '!' : ''}`
}

/** A refresher whose runs end when they are told to. */
function controlled(answers: RunResult[] = []) {
  const runs: string[] = []
  const open: (() => void)[] = []
  const refresher = new PortfolioRefresher({
    run: async (request) => {
      runs.push(scopeOf(request))
      await new Promise<void>((resolve) => open.push(resolve))
      return answers.shift() ?? COMPLETED
    },
    sleep: () => Promise.resolve(),
  })
  const endRun = async () => {
    open.shift()?.()
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }
  return { refresher, runs, endRun }
}

test('one run at a time; who asks meanwhile gets the next one together', async () => {
  const { refresher, runs, endRun } = controlled()

  const all = ['a', 'b', 'c', 'b'].map((id) => refresher.refresh(wish(id)))
  expect(runs).toEqual(['a'])
  await endRun()
  expect(runs).toEqual(['a', 'b+c'])
  await endRun()

  expect(await Promise.all(all)).toEqual([COMPLETED, COMPLETED, COMPLETED, COMPLETED])
  await refresher.settled()
})

test('wishes for other dates, or by force, get runs of their own', async () => {
  const { refresher, runs, endRun } = controlled()

  void refresher.refresh(wish('a'))
  void refresher.refresh(wish('b', true))
  void refresher.refresh(wish('c'))
  void refresher.refresh(wish('d', true))
  for (let i = 0; i < 3; i++) await endRun()

  expect(runs).toEqual(['a', 'b+d!', 'c'])
})

test('a run waits for those who are about to ask, but not for long', async () => {
  const { refresher, runs } = controlled()
  const expected = refresher.expect()
  void refresher.refresh(wish('a'))
  expect(runs).toEqual([])
  void refresher.refresh(wish('b'))
  expected[Symbol.dispose]()

  expect(runs).toEqual(['a+b'])

  const late = controlled()
  late.refresher.expect()
  void late.refresher.refresh(wish('a'))
  for (let i = 0; i < 10; i++) await Promise.resolve()
  expect(late.runs).toEqual(['a'])
})

test('portfolios of which one is being refreshed by somebody else are done one by one', async () => {
  const { refresher, runs, endRun } = controlled([COMPLETED, BUSY, BUSY, COMPLETED, COMPLETED])

  const first = refresher.refresh(wish('x'))
  const others = [refresher.refresh(wish('a')), refresher.refresh(wish('b'))]
  for (let i = 0; i < 5; i++) await endRun()

  expect(await Promise.all([first, ...others])).toEqual([COMPLETED, COMPLETED, COMPLETED])
  expect(runs).toEqual(['x', 'a+b', 'a', 'a', 'b'])
})

test('a run that throws fails those who wait for it, and the next one goes on', async () => {
  let attempts = 0
  const refresher = new PortfolioRefresher({
    run: () => {
      attempts += 1
      return attempts === 1 ? Promise.reject(new Error('no database')) : Promise.resolve(COMPLETED)
    },
    sleep: () => Promise.resolve(),
  })

  await expect(refresher.refresh(wish('a'))).rejects.toThrow('no database')
  await expect(refresher.refresh(wish('a'))).resolves.toBe(COMPLETED)
})
