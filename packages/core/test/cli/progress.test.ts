import { PassThrough } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { createProgress } from '../../src/cli/progress.ts'
import { progressLine } from '../../src/cli/progress-line.ts'
import type { Logger } from '../../src/logging/index.ts'

/** A logger that keeps the fields of `info` events and fails on everything else. */
function listeningLog() {
  const events: object[] = []
  const refuse = () => {
    throw new Error('only progress is logged, as info')
  }
  const info = (fields: object | string, message?: string) => {
    events.push({ fields, message })
  }
  const log: Logger = { debug: refuse, warn: refuse, error: refuse, child: refuse, info }
  return { log, events }
}

describe('the line of a phase', () => {
  test('shows count, percent, rate and the time left at that rate', () => {
    const line = progressLine({
      title: '2025-07-01 factors',
      done: 250,
      total: 1000,
      elapsedMs: 5000,
    })
    expect(line).toBe(
      '2025-07-01 factors         [#####---------------]   250/1000  25%  50/s  ETA 15.0 s',
    )
  })

  test('shows what it took once everything is done', () => {
    const line = progressLine({ title: '2025-07-01 prices', done: 8, total: 8, elapsedMs: 4000 })
    expect(line).toBe(
      '2025-07-01 prices          [####################]  8/8  100%  2.0/s  in 4.0 s',
    )
  })

  test('promises nothing before the first item', () => {
    expect(progressLine({ title: '2025-07-01 prices', done: 0, total: 8, elapsedMs: 900 })).toMatch(
      /ETA \?$/,
    )
    expect(progressLine({ title: '2025-07-01 prices', done: 0, total: 0, elapsedMs: 900 })).toMatch(
      / \.\.\.$/,
    )
  })

  test('says 100 % only when nothing is left', () => {
    const line = progressLine({ title: 'p', done: 9_999, total: 10_000, elapsedMs: 1 })
    expect(line).toContain(' 99% ')
  })
})

describe('progress on a terminal', () => {
  test('draws each phase on one line of its own, in ASCII, and logs nothing', async () => {
    const { log, events } = listeningLog()
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100 })
    stream.setEncoding('utf8')
    let now = 0
    {
      using progress = await createProgress({ stream, enabled: true, log, monotonicMs: () => now })
      progress.phaseStarted('2025-07-01', 'prices')
      progress.phaseProgress(1, 4)
      now = 2000
      progress.phaseProgress(4, 4)
      progress.phaseStarted('2025-07-01', 'factors')
      progress.phaseProgress(3, 10)
    }
    const text = String(stream.read())
    expect(text.split('\n')).toHaveLength(3)
    expect(text).toMatch(
      /2025-07-01 prices {10}\[#{20}\] {2}4\/4 {2}100% {2}2\.0\/s {2}in 2\.0 s[^\n]*\n/,
    )
    expect(text).toMatch(/2025-07-01 factors {9}\[#{6}-{14}\] {3}3\/10 {2}30%/)
    expect(text).toMatch(/^\p{ASCII}*$/u)
    expect(text).not.toContain('\u001B8')
    expect(events).toEqual([])
  })

  test('draws nothing when it is not wanted', async () => {
    const { log } = listeningLog()
    const stream = Object.assign(new PassThrough(), { isTTY: true })
    using progress = await createProgress({ stream, enabled: false, log })
    progress.phaseStarted('2025-07-01', 'prices')
    progress.phaseProgress(4, 4)
    progress.phaseEnded()
    expect(stream.read()).toBeNull()
  })
})

describe('progress without a terminal', () => {
  test('is logged at most every five seconds', async () => {
    const { log, events } = listeningLog()
    const stream = new PassThrough()
    let now = 100
    const progress = await createProgress({ stream, enabled: true, log, monotonicMs: () => now })
    progress.phaseStarted('2025-07-01', 'factors')
    for (let done = 1; done <= 120; done++) {
      now += 100
      progress.phaseProgress(done, 120)
    }
    const at = (done: number, percent: number) => ({
      fields: { batch_date: '2025-07-01', phase: 'factors', done, total: 120, percent },
      message: 'progress',
    })
    expect(events).toEqual([at(50, 41), at(100, 83)])
    expect(stream.read()).toBeNull()
  })
})
