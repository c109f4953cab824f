import { describe, expect, test } from '@jest/globals'
import type { PanelEvent } from '../../src/returns/panel.ts'
import { totalGrowth } from '../../src/returns/total-growth.ts'
import { totalReturns } from '../../src/returns/total-returns.ts'
import { pricePanel, sessionsFrom } from './price-world.ts'

const sessions = sessionsFrom('2024-03-01', 6)
const event = (sessionIndex: number, dividend: number, splitRatio: number): PanelEvent => ({
  symbolIndex: 0,
  sessionIndex,
  dividend,
  splitRatio,
})

function growth(closes: (number | null)[], events: PanelEvent[], from = 0, to = 5): number {
  const panel = pricePanel(sessions, { A: closes }, events)
  return totalGrowth(panel, events, { symbolIndex: 0, from, to })
}

describe('growth between two sessions', () => {
  test('is the chain of the daily total returns', () => {
    const events = [event(1, 0.5, 1), event(3, 0.25, 2), event(5, 0.1, 1)]
    const panel = pricePanel(sessions, { A: [100, 101, 99, 51, 50, 52] }, events)
    const chain = totalReturns(panel)
      .values.subarray(1)
      .reduce((product, value) => product * (1 + value), 1)
    expect(totalGrowth(panel, events, { symbolIndex: 0, from: 0, to: 5 })).toBeCloseTo(
      chain - 1,
      14,
    )
  })

  test('is the plain ratio of closes when nothing happened', () => {
    expect(growth([100, 90, 80, 70, 60, 125], [])).toBe(0.25)
  })

  test('steps over sessions without a close and buys with their dividend at the next one', () => {
    // One share gets 2 in cash on a day without a close and buys 0.02 shares at 100.
    expect(growth([100, null, 100, 100, 100, 110], [event(1, 2, 1)])).toBeCloseTo(0.122, 14)
  })

  test('does not split cash that waits for a close', () => {
    // 1 in cash, then a 2:1 split, then the close of 50: 2 + 1/50 shares.
    expect(growth([100, null, null, 50, 50, 50], [event(1, 1, 1), event(2, 0, 2)])).toBeCloseTo(
      0.01,
      14,
    )
  })

  test('counts only events after the first session, up to and with the last', () => {
    const events = [event(1, 10, 1), event(3, 0, 2), event(4, 10, 1)]
    expect(growth([100, 100, 100, 50, 50, 50], events, 1, 3)).toBeCloseTo(0, 14)
    expect(growth([100, 100, 100, 50, 50, 50], events, 3, 4)).toBeCloseTo(0.2, 14)
  })

  test('does not exist without a first or a last close', () => {
    expect(growth([null, 1, 1, 1, 1, 1], [])).toBeNaN()
    expect(growth([1, 1, 1, 1, 1, null], [event(5, 1, 1)])).toBeNaN()
  })
})
