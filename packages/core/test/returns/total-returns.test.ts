import { describe, expect, test } from '@jest/globals'
import { totalReturns } from '../../src/returns/total-returns.ts'
import { pricePanel, sessionsFrom } from './price-world.ts'

const sessions = sessionsFrom('2014-06-05', 4)

describe('total returns', () => {
  test('of the AAPL split of 2014 are what a holder gained', () => {
    const panel = pricePanel(sessions.slice(1, 3), { AAPL: [645.57, 93.7] }, [
      { symbolIndex: 0, sessionIndex: 1, dividend: 0, splitRatio: 7 },
    ])
    expect(totalReturns(panel).values[1]).toBeCloseTo(0.016001, 6)
  })

  test('count the dividend on the share basis of its day', () => {
    const panel = pricePanel(sessions, { A: [100, 49, 50, 51], B: [10, 10, 10, 10] }, [
      { symbolIndex: 0, sessionIndex: 1, dividend: 1.5, splitRatio: 2 },
      { symbolIndex: 1, sessionIndex: 2, dividend: 0.1, splitRatio: 1 },
    ])
    const { values } = totalReturns(panel)
    expect(values[1]).toBeCloseTo(((49 + 1.5) * 2) / 100 - 1, 15)
    expect(values[2]).toBeCloseTo(50 / 49 - 1, 15)
    expect([...values.subarray(4)]).toEqual([NaN, 0, expect.closeTo(0.01, 15), 0])
  })

  test('exist only between two consecutive sessions that both have a close', () => {
    const panel = pricePanel(sessions, { A: [10, null, 11, 12.1], B: [null, 5, 5, null] })
    const { values } = totalReturns(panel)
    expect([...values]).toEqual([NaN, NaN, NaN, expect.closeTo(0.1, 15), NaN, NaN, 0, NaN])
  })

  test('do not run from the last close of one symbol into the first of the next', () => {
    const { values } = totalReturns(pricePanel(sessions, { A: [1, 1, 1, 1], B: [9, 9, 9, 9] }))
    expect(values[4]).toBeNaN()
  })

  test('take no part of an event on a session without a close', () => {
    const panel = pricePanel(sessions, { A: [10, null, 11, 11] }, [
      { symbolIndex: 0, sessionIndex: 1, dividend: 1, splitRatio: 1 },
    ])
    expect([...totalReturns(panel).values]).toEqual([NaN, NaN, NaN, 0])
  })

  test('ignore what an event of the first session cannot be set against', () => {
    const panel = pricePanel(sessions, { A: [10, 10, 10, 10] }, [
      { symbolIndex: 0, sessionIndex: 0, dividend: 5, splitRatio: 3 },
    ])
    expect([...totalReturns(panel).values]).toEqual([NaN, 0, 0, 0])
  })
})
